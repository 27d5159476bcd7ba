import Glibc
import P2PNode

/// The two streams that people read.
enum Terminal {
    /// Whether standard output is a terminal that understands colours.
    static var isOutput: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Prints an error.
    static func complain(_ message: String) {
        mention("error: \(message)")
    }

    /// Tells people something beside what the command prints.
    static func mention(_ message: String) {
        let line = Array("\(message.printableLines.joined(separator: "\n"))\n".utf8)
        unsafe line.withUnsafeBytes { bytes in
            _ = unsafe write(STDERR_FILENO, bytes.baseAddress, bytes.count)
        }
    }

    /// The text in a colour of the terminal, or plain.
    static func paint(_ text: String, _ colour: Colour, _ isTerminal: Bool) -> String {
        isTerminal ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// The colours used.
    enum Colour: Int {
        case bold = 1
        case dim = 2
        case red = 31
        case green = 32
        case yellow = 33
        case blue = 34
        case magenta = 35
        case cyan = 36
    }
}
