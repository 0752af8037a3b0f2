//! A picture of pixels as a PNG file (ISO/IEC 15948): eight bits a channel, no filter, one stream, and how many pixels go to a
//! metre. No time and no name of a program: the bytes depend on the pixels alone.

use std::io::Write as _;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

const SIGNATURE: [u8; 8] = [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a];
/// 192 to the inch: twice the CSS pixel.
const PIXELS_A_METRE: u32 = 7559;

/// The file of an RGB picture; `pixels` holds rows from the top, three bytes a pixel.
pub(super) fn encode(pixels: &[u8], width: u32, height: u32) -> std::io::Result<Vec<u8>> {
    let mut file = SIGNATURE.to_vec();
    let mut header = Vec::new();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    // Eight bits, RGB, deflate, the one set of filters, not interlaced.
    header.extend([8, 2, 0, 0, 0]);
    chunk(&mut file, *b"IHDR", &header);
    let mut density = Vec::new();
    density.extend(PIXELS_A_METRE.to_be_bytes());
    density.extend(PIXELS_A_METRE.to_be_bytes());
    density.push(1);
    chunk(&mut file, *b"pHYs", &density);
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    for row in pixels.chunks_exact(3 * width.max(1) as usize) {
        encoder.write_all(&[0])?;
        encoder.write_all(row)?;
    }
    chunk(&mut file, *b"IDAT", &encoder.finish()?);
    chunk(&mut file, *b"IEND", &[]);
    Ok(file)
}

/// A chunk: its length, its kind, its content, and the CRC-32 of the latter two.
fn chunk(file: &mut Vec<u8>, kind: [u8; 4], content: &[u8]) {
    file.extend((content.len() as u32).to_be_bytes());
    file.extend(kind);
    file.extend(content);
    let mut crc = Crc::new();
    crc.update(&kind);
    crc.update(content);
    file.extend(crc.sum().to_be_bytes());
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn two_pixels_come_back() {
        let file = encode(&[1, 2, 3, 4, 5, 6], 2, 1).unwrap();
        assert_eq!(file[..8], SIGNATURE);
        assert_eq!(file[8..33], *b"\0\0\0\x0dIHDR\0\0\0\x02\0\0\0\x01\x08\x02\0\0\0\x7b\x40\xe8\xdd");
        // The CRC of an empty last chunk is the same in every file.
        assert_eq!(file[file.len() - 12..], *b"\0\0\0\0IEND\xae\x42\x60\x82");
        let start = file.windows(4).position(|part| part == b"IDAT").unwrap() + 4;
        let mut row = Vec::new();
        flate2::read::ZlibDecoder::new(&file[start..]).read_to_end(&mut row).unwrap();
        assert_eq!(row, [0, 1, 2, 3, 4, 5, 6]);
    }
}
