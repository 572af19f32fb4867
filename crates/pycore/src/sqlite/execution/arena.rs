//! Values between the two worlds: rows read while the GIL is released, parameters written before it is.

/// One value in SQLite's five storage classes; text and blobs lie in the arena.
#[derive(Clone, Copy, Debug)]
pub enum Cell {
    Null,
    Int(i64),
    Float(f64),
    Text(Span),
    Blob(Span),
}

/// A stretch of the arena's bytes. 32 bits keep a cell at 16 bytes.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    start: u32,
    length: u32,
}

/// An arena cannot hold more than 4 GiB.
#[derive(Debug)]
pub struct Full;

#[derive(Default)]
pub struct Arena {
    cells: Vec<Cell>,
    bytes: Vec<u8>,
}

/// Memory kept for the next statement.
const KEEP: usize = 256 * 1024;

impl Arena {
    pub fn clear(&mut self) {
        self.cells.clear();
        self.bytes.clear();
    }

    /// Give back what an unusually large result or parameter took.
    pub fn shrink(&mut self) {
        self.clear();
        if self.bytes.capacity() > KEEP {
            self.bytes.shrink_to(KEEP);
        }
        if self.cells.capacity() > KEEP / size_of::<Cell>() {
            self.cells.shrink_to(KEEP / size_of::<Cell>());
        }
    }

    /// Where it ends now.
    pub fn mark(&self) -> (usize, usize) {
        (self.cells.len(), self.bytes.len())
    }

    /// Gives up what came after a mark.
    pub fn rewind(&mut self, (cells, bytes): (usize, usize)) {
        self.cells.truncate(cells);
        self.bytes.truncate(bytes);
    }

    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// Whether the last two cells are the same value.
    pub fn ends_in_twins(&self) -> bool {
        match self.cells.as_slice() {
            [.., Cell::Text(one), Cell::Text(two)] | [.., Cell::Blob(one), Cell::Blob(two)] => {
                self.slice(*one) == self.slice(*two)
            }
            [.., Cell::Int(one), Cell::Int(two)] => one == two,
            [.., Cell::Float(one), Cell::Float(two)] => one.to_bits() == two.to_bits(),
            [.., Cell::Null, Cell::Null] => true,
            _ => false,
        }
    }

    pub fn size(&self) -> usize {
        self.bytes.len()
    }

    pub fn push(&mut self, cell: Cell) {
        self.cells.push(cell);
    }

    pub fn push_text(&mut self, text: &[u8]) -> Result<(), Full> {
        let span = self.append(|bytes| bytes.extend_from_slice(text))?;
        self.cells.push(Cell::Text(span));
        Ok(())
    }

    pub fn push_blob(&mut self, blob: &[u8]) -> Result<(), Full> {
        let span = self.append(|bytes| bytes.extend_from_slice(blob))?;
        self.cells.push(Cell::Blob(span));
        Ok(())
    }

    /// Makes a number of the last cell, if it is the text of one.
    pub fn count_last(&mut self) {
        let Some(Cell::Text(span)) = self.cells.last().copied() else {
            return;
        };
        let text = str::from_utf8(self.slice(span)).unwrap_or_default();
        let cell = match (text.parse(), text.parse::<f64>()) {
            (Ok(whole), _) => Cell::Int(whole),
            (_, Ok(double)) if !double.is_nan() => Cell::Float(double),
            _ => return,
        };
        self.bytes.truncate(span.start as usize);
        self.cells.pop();
        self.cells.push(cell);
    }

    /// A text written piece by piece.
    pub fn write_text(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> Result<(), Full> {
        let span = self.append(write)?;
        self.cells.push(Cell::Text(span));
        Ok(())
    }

    fn append(&mut self, write: impl FnOnce(&mut Vec<u8>)) -> Result<Span, Full> {
        let start = self.bytes.len();
        write(&mut self.bytes);
        let length = self.bytes.len().saturating_sub(start);
        Ok(Span {
            start: u32::try_from(start).map_err(|_| Full)?,
            length: u32::try_from(length).map_err(|_| Full)?,
        })
    }

    /// The bytes of a text or blob of this arena.
    pub fn slice(&self, span: Span) -> &[u8] {
        let start = span.start as usize;
        self.bytes
            .get(start..start.saturating_add(span.length as usize))
            .unwrap_or_default()
    }
}
