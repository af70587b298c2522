//! Pulling the plug at one point after the other, and looking at what is left each time.
//!
//! Where two connections share the work, a run makes more or fewer calls than the one whose calls
//! were counted. A sweep depends on none of that: a point that a run doesn't come to is tried a
//! little earlier, and the sweep goes on until it has met what the test is about.

use std::fmt::Debug;

use crate::crash::{Plug, Point, wanted};
use crate::folder::Folder;
use crate::scene;

/// Where the plug is pulled, on which night.
pub struct Sweep<'a> {
    pub plug: &'a Plug,
    pub points: &'a [Point],
    /// How many points are tried, if not all, before it is asked whether they were enough.
    pub usual: usize,
    pub day: &'a str,
}

impl Sweep<'_> {
    /// Kills a run on a fresh folder at each point and looks at what it left, adding to the tally,
    /// until the tally `is_telling` (it must, in the end). The scene is the folder and whatever it
    /// needs beside it.
    pub fn pull<S, T: Default + Debug>(
        &self,
        fresh: impl Fn() -> (Folder, S),
        mut look: impl FnMut(&mut T, &(Folder, S), &str),
        is_telling: impl Fn(&T) -> bool,
    ) -> T {
        let mut tally = T::default();
        let (mut tried, mut killed) = (0, 0);
        for point in self.in_order() {
            if tried >= wanted(self.points, self.usual) && is_telling(&tally) {
                break;
            }
            tried += 1;
            let Some((scene, point)) = self.pull_near(point, &fresh) else {
                continue;
            };
            killed += 1;
            look(&mut tally, &scene, &format!("killed at {point:?}"));
        }
        let count = self.points.len();
        eprintln!("{tried} of {count} points tried, {killed} killed: {tally:?}");
        assert!(is_telling(&tally), "{tally:?}");
        // The rest are calls that not every night makes.
        assert!(killed * 4 >= tried * 3, "{killed} of {tried}: {tally:?}");
        tally
    }

    /// So many as usual, evenly; the others after them.
    fn in_order(&self) -> impl Iterator<Item = &Point> {
        let (count, first) = (self.points.len(), wanted(self.points, self.usual));
        let is_first = move |nth: &usize| (nth * first) % count < first;
        let others = (0..count).filter(move |nth| !is_first(nth));
        let all = (0..count).filter(is_first).chain(others);
        all.filter_map(|nth| self.points.get(nth))
    }

    /// The scene after the kill, and where that was. None where no run makes this call.
    fn pull_near<S>(
        &self,
        point: &Point,
        fresh: impl Fn() -> (Folder, S),
    ) -> Option<((Folder, S), Point)> {
        let mut nth = point.nth;
        while nth > 0 {
            let scene = fresh();
            let call = point.call.clone();
            let point = Point { call, nth };
            if self.plug.pull(&scene::night(&scene.0, self.day), &point) {
                return Some((scene, point));
            }
            nth -= nth.div_ceil(8);
        }
        None
    }
}
