/// The numbers of the frame layer.
///
/// A frame is `stream u8 | flags u8 | length u16 LE | fragment of that length`. The fragment that begins a
/// message has ``first`` set and starts with `type u8 | body length u32 LE`; the one that ends it has
/// ``last`` set. A frame lies whole within one record, and a record holds at least one frame.
package enum FrameFormat {
    /// Flag of the fragment that begins a message.
    package static let first: UInt8 = 1
    /// Flag of the fragment that ends a message.
    package static let last: UInt8 = 2
    /// Bytes before each fragment.
    package static let headerSize = 4
    /// Bytes of type and body length at the start of a message's first fragment.
    package static let messageHeaderSize = 5
    /// The most bytes of a fragment, the message header included.
    package static let fragmentLimit = 16_384
}
