//! Pivot tables (ECMA-376 part 1, 18.10): where they lie. What one shows is written anew each time
//! that it is refreshed, over whatever stands there.

use super::container::Container;
use super::opc;
use super::refs::Area;
use super::refusal::Refusal;

/// The ranges of the pivot tables on the sheet of that key. One that does not say where it lies is
/// left out: nothing of it is read or written.
pub(super) fn of_sheet(container: &Container<'_>, sheet_key: &str) -> Result<Vec<Area>, Refusal> {
    let links = opc::relationships(container, sheet_key)?;
    let mut areas = Vec::new();
    for link in links.iter().filter(|link| link.kind == "pivotTable") {
        let Some(entry) = container.find(&link.target) else {
            continue;
        };
        let data = container.read(entry)?;
        let outline = opc::outline(&container.name(entry), &data)?;
        let location = outline.root().child("location");
        areas.extend(location.and_then(|found| Area::parse(found.raw("ref")?)));
    }
    Ok(areas)
}
