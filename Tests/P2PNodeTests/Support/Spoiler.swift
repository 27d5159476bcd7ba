import Primitives

/// Changes texts and bytes as a seed decides.
struct Spoiler {
    /// What decides.
    var random: SplitMix64
    /// What is put in now and then: what means something in the form of the text.
    let words: [String]

    init(seed: UInt64, words: [String] = []) {
        random = SplitMix64(seed: seed)
        self.words = words
    }

    /// JSON's own.
    static let json = [
        "{", "}", "[", "]", "\"", "\\u0000", "null", "-1", "1e999", "18446744073709551616", "0x", "é", ",",
    ]

    /// YAML's own.
    static let yaml = [
        "{", "}", "[", "]", "\"", "'", ": ", "- ", "? ", "#", "|\n", ">\n", "!!binary ", "!", "&a ", "*a",
        "<<: ", "---\n",
        "...\n", "%YAML 1.2\n", "\n", "\t", "\r", " ", "\u{85}", "\u{2028}", "\u{feff}", "\u{0}", "~", "null",
        "é", "-1",
        "18446744073709551616", ",",
    ]

    /// One to four changes of single bytes, stretches, digits or words.
    mutating func spoilt(_ text: [UInt8]) -> [UInt8] {
        var text = text
        for _ in 0...(random.next() % 4) where !text.isEmpty {
            let place = below(text.count)
            let end = min(text.count, place + below(12))
            switch random.next() % 6 {
            case 0: text[place] ^= 1 << UInt8(random.next() % 8)
            case 1: text.removeSubrange(place..<end)
            case 2: text.insert(contentsOf: text[place..<end], at: place)
            case 3 where !words.isEmpty:
                text.replaceSubrange(place..<end, with: words[below(words.count)].utf8)
            case 4: text[place] = UInt8(ascii: "0") + UInt8(random.next() % 10)
            default: text = random.next() % 4 == 0 ? Array(text[..<place]) : text
            }
        }
        return text
    }

    /// A place in something so long.
    mutating func below(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
}
