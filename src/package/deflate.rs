//! Deflating a large part on every core (RFC 1951): in blocks of a fixed size, each primed with what
//! stands before it, as `pigz` does. How many threads there are changes nothing in the bytes.

use std::io::{self, Write};
use std::mem;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::{self, Scope};

use flate2::{Compress, Compression, Crc, FlushCompress, Status};

/// On the XML of 100,000 rows (52 MB) level 5 takes half the time of level 6 and gives 0.1% more
/// bytes; level 4 a third less time again, and 5% more. Excel itself writes with the fastest.
pub(super) const LEVEL: u32 = 5;
/// Bytes a block, before they are deflated: each ends with five bytes that say so.
const BLOCK: usize = 512 << 10;
/// How far back a deflated stream may refer (RFC 1951, section 2).
const REACH: usize = 32 << 10;
/// More would wait for the one that makes the blocks.
const MAX_THREADS: usize = 8;

/// What was written, deflated.
#[derive(Debug)]
pub(super) struct Deflated {
    pub bytes: Vec<u8>,
    /// CRC-32 of what was written.
    pub checksum: u32,
    /// How much was written.
    pub size: u64,
}

/// Deflates what `write` writes.
pub(super) fn deflate<E>(
    level: u32,
    write: impl FnOnce(&mut Blocks<'_, '_>) -> Result<(), E>,
) -> Result<io::Result<Deflated>, E> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    deflate_on(level, threads.min(MAX_THREADS), write)
}

fn deflate_on<E>(
    level: u32,
    threads: usize,
    write: impl FnOnce(&mut Blocks<'_, '_>) -> Result<(), E>,
) -> Result<io::Result<Deflated>, E> {
    thread::scope(|scope| {
        let mut blocks = Blocks::new(scope, level, threads);
        write(&mut blocks)?;
        Ok(blocks.finish())
    })
}

/// One block on its way.
struct Block {
    /// What it may refer back to, then its own bytes.
    bytes: Vec<u8>,
    /// How many bytes come from the block before.
    primed: usize,
    last: bool,
}

/// One block, deflated.
struct Piece {
    bytes: Vec<u8>,
    checksum: Crc,
}

/// A thread that deflates every n-th block.
struct Worker {
    blocks: SyncSender<Block>,
    pieces: Receiver<io::Result<Piece>>,
}

/// Takes bytes, and deflates them block by block.
pub(super) struct Blocks<'s, 'e> {
    scope: &'s Scope<'s, 'e>,
    level: u32,
    threads: usize,
    current: Block,
    /// Begun once a first block is full: most parts are smaller.
    workers: Vec<Worker>,
    /// How many blocks the workers got.
    sent: usize,
}

impl<'s, 'e> Blocks<'s, 'e> {
    fn new(scope: &'s Scope<'s, 'e>, level: u32, threads: usize) -> Self {
        let current = Block {
            bytes: Vec::new(),
            primed: 0,
            last: false,
        };
        Self {
            scope,
            level,
            threads,
            current,
            workers: Vec::new(),
            sent: 0,
        }
    }

    fn room(&self) -> usize {
        (self.current.primed + BLOCK).saturating_sub(self.current.bytes.len())
    }

    /// Sends the block that is full on its way.
    fn send(&mut self) -> io::Result<()> {
        if self.workers.is_empty() {
            self.begin_workers()?;
        }
        let mut bytes = Vec::with_capacity(REACH + BLOCK);
        let end = self.current.bytes.len();
        let before = self.current.bytes.get(end.saturating_sub(REACH)..);
        bytes.extend_from_slice(before.unwrap_or_default());
        let next = Block {
            primed: bytes.len(),
            bytes,
            last: false,
        };
        let full = mem::replace(&mut self.current, next);
        self.hand_over(full)
    }

    fn hand_over(&mut self, block: Block) -> io::Result<()> {
        let turn = self.sent % self.workers.len().max(1);
        self.sent += 1;
        let worker = self.workers.get(turn).ok_or_else(stopped)?;
        worker.blocks.send(block).map_err(|_| stopped())
    }

    fn begin_workers(&mut self) -> io::Result<()> {
        for _ in 0..self.threads.max(1) {
            // One waits while one is deflated.
            let (blocks, to_do) = sync_channel(1);
            let (done, pieces) = channel();
            let level = self.level;
            let begun =
                thread::Builder::new().spawn_scoped(self.scope, move || work(level, &to_do, &done));
            match begun {
                Ok(_) => self.workers.push(Worker { blocks, pieces }),
                // With fewer threads the bytes are the same.
                Err(_) if !self.workers.is_empty() => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn finish(mut self) -> io::Result<Deflated> {
        self.current.last = true;
        let last = mem::replace(
            &mut self.current,
            Block {
                bytes: Vec::new(),
                primed: 0,
                last: true,
            },
        );
        let last_size = (last.bytes.len() - last.primed) as u64;
        let size = self.sent as u64 * BLOCK as u64 + last_size;
        if self.workers.is_empty() {
            let piece = deflate_block(&mut compressor(self.level), &last)?;
            return Ok(Deflated {
                bytes: piece.bytes,
                checksum: piece.checksum.sum(),
                size,
            });
        }
        self.hand_over(last)?;
        let mut bytes = Vec::new();
        let mut checksum = Crc::new();
        for turn in (0..self.workers.len()).cycle().take(self.sent) {
            let worker = self.workers.get(turn).ok_or_else(stopped)?;
            let piece = worker.pieces.recv().map_err(|_| stopped())??;
            bytes.extend_from_slice(&piece.bytes);
            checksum.combine(&piece.checksum);
        }
        Ok(Deflated {
            bytes,
            checksum: checksum.sum(),
            size,
        })
    }
}

impl Write for Blocks<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.room() == 0 {
            self.send()?;
        }
        let taken = bytes.len().min(self.room());
        let taken = bytes.get(..taken).unwrap_or_default();
        self.current.bytes.extend_from_slice(taken);
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn stopped() -> io::Error {
    io::Error::other("a thread that deflates has stopped")
}

fn compressor(level: u32) -> Compress {
    Compress::new(Compression::new(level), false)
}

fn work(level: u32, blocks: &Receiver<Block>, pieces: &Sender<io::Result<Piece>>) {
    let mut compressor = compressor(level);
    for block in blocks {
        // Nobody waits for it: the part could not be read to its end.
        if pieces.send(deflate_block(&mut compressor, &block)).is_err() {
            return;
        }
    }
}

fn deflate_block(compressor: &mut Compress, block: &Block) -> io::Result<Piece> {
    let (before, own) = block
        .bytes
        .split_at_checked(block.primed)
        .unwrap_or_default();
    compressor.reset();
    if !before.is_empty() {
        compressor.set_dictionary(before)?;
    }
    // A block that is not the last ends on a whole byte, so that the next one follows it.
    let flush = if block.last {
        FlushCompress::Finish
    } else {
        FlushCompress::Sync
    };
    let mut bytes = Vec::with_capacity(own.len() / 4 + 1024);
    let mut rest = own;
    loop {
        let before = compressor.total_in();
        let status = compressor.compress_vec(rest, &mut bytes, flush)?;
        let taken = usize::try_from(compressor.total_in() - before).unwrap_or(usize::MAX);
        rest = rest.get(taken..).unwrap_or_default();
        let is_flushed = !block.last && rest.is_empty() && bytes.len() < bytes.capacity();
        if is_flushed || status == Status::StreamEnd {
            break;
        }
        bytes.reserve(bytes.len().max(1024));
    }
    let mut checksum = Crc::new();
    checksum.update(own);
    Ok(Piece { bytes, checksum })
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn rows(count: usize) -> Vec<u8> {
        (0..count)
            .flat_map(|row| {
                format!("<row r=\"{row}\"><c><v>{}</v></c></row>", row * 7919).into_bytes()
            })
            .collect()
    }

    fn deflated(threads: usize, data: &[u8], piece: usize) -> Deflated {
        deflate_on(LEVEL, threads, |into| {
            data.chunks(piece.max(1))
                .try_for_each(|chunk| into.write_all(chunk))
        })
        .unwrap()
        .unwrap()
    }

    #[test]
    fn what_was_written_comes_back_whatever_its_length() {
        let data = rows(60_000);
        assert!(data.len() > 3 * BLOCK);
        for length in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, data.len()] {
            let data = data.get(..length).unwrap();
            let made = deflated(2, data, 1000);
            let mut back = Vec::new();
            flate2::read::DeflateDecoder::new(&*made.bytes)
                .read_to_end(&mut back)
                .unwrap();
            assert!(back == data, "{length}");
            let mut checksum = Crc::new();
            checksum.update(data);
            assert_eq!((made.checksum, made.size), (checksum.sum(), length as u64));
        }
    }

    #[test]
    fn the_bytes_do_not_depend_on_threads_or_on_how_they_were_written() {
        let data = rows(60_000);
        let one = deflated(1, &data, 1 << 20);
        for (threads, piece) in [(2, 100), (3, 4096), (8, 1 << 20)] {
            assert!(deflated(threads, &data, piece).bytes == one.bytes);
        }
    }

    #[test]
    fn what_cannot_be_deflated_grows_by_little() {
        let mut state = 1u64;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 56) as u8
        })
        .take(2 * BLOCK + 5)
        .collect();
        let made = deflated(2, &noise, 4096);
        assert!(made.bytes.len() < noise.len() + noise.len() / 1000 + 100);
        let mut back = Vec::new();
        flate2::read::DeflateDecoder::new(&*made.bytes)
            .read_to_end(&mut back)
            .unwrap();
        assert!(back == noise);
    }

    #[test]
    fn a_part_that_ends_too_early_is_an_error() {
        let result = deflate_on(LEVEL, 2, |into| {
            into.write_all(&rows(60_000))?;
            Err(io::Error::from(io::ErrorKind::UnexpectedEof))
        });
        assert!(result.is_err());
    }
}
