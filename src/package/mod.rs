//! A workbook as a zip of XML parts: patching cells and leaving every other byte.
