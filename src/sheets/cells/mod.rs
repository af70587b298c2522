//! One cell, as people type it, to one value: the only place that tolerates odd input.
