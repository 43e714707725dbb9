//! Product pictures: a plain colour for each template, as a PNG that every reader takes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tandem_sandbox::ErpVariant;

/// Width and height in pixels.
const SIDE: u32 = 16;

/// `image_128` of a variant; services have none.
pub(super) fn of(id: i64, variant: &ErpVariant) -> Option<String> {
    if variant.kind == "service" {
        return None;
    }
    let seed = variant.template.unsigned_abs().wrapping_mul(2_654_435_761) ^ id.unsigned_abs();
    let [red, green, blue, ..] = seed.to_le_bytes();
    // Light colours, as goods have on a white ground.
    let soft = |value: u8| 128 + value / 2;
    Some(STANDARD.encode(png([soft(red), soft(green), soft(blue)])))
}

fn png(colour: [u8; 3]) -> Vec<u8> {
    let mut header = Vec::new();
    header.extend(SIDE.to_be_bytes());
    header.extend(SIDE.to_be_bytes());
    // Eight bits a channel, true colour, nothing special.
    header.extend([8, 2, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, *b"IHDR", &header);
    chunk(&mut file, *b"IDAT", &stored(&rows(colour)));
    chunk(&mut file, *b"IEND", &[]);
    file
}

/// Each row begins with 0: no filter.
fn rows(colour: [u8; 3]) -> Vec<u8> {
    let row = || {
        let pixels = (0..SIDE).flat_map(move |_| colour);
        std::iter::once(0).chain(pixels)
    };
    (0..SIDE).flat_map(|_| row()).collect()
}

/// A zlib stream of one block that is not compressed.
fn stored(data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len()).unwrap_or(u16::MAX);
    let mut stream = vec![0x78, 0x01, 0x01];
    stream.extend(length.to_le_bytes());
    stream.extend((!length).to_le_bytes());
    stream.extend(data);
    let (mut low, mut high) = (1_u32, 0_u32);
    for byte in data {
        low = (low + u32::from(*byte)) % 65_521;
        high = (high + low) % 65_521;
    }
    stream.extend(((high << 16) | low).to_be_bytes());
    stream
}

fn chunk(file: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    file.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    let start = file.len();
    file.extend(kind);
    file.extend(data);
    let check = crc(&file[start..]);
    file.extend(check.to_be_bytes());
}

fn crc(bytes: &[u8]) -> u32 {
    let fold = |crc: u32, byte: &u8| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    };
    !bytes.iter().fold(u32::MAX, fold)
}

#[cfg(test)]
mod tests {
    use super::crc;

    #[test]
    fn the_check_sum_is_that_of_every_reader() {
        // The check value of the standard, and the one that ends every PNG.
        assert_eq!(crc(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc(b"IEND"), 0xae42_6082);
    }
}
