/// Text of others, made fit for a terminal.
extension String {
    /// The text with everything as escapes that is no visible character: what moves the cursor, colours, hides, breaks
    /// the line, or turns the direction of writing.
    package var printable: String {
        guard unicodeScalars.contains(where: \.isUnprintable) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            if scalar.isUnprintable {
                text += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// Bytes that claim to be UTF-8, on one line.
    package init(printable bytes: some Collection<UInt8>) {
        self = String(decoding: bytes, as: UTF8.self).printable
    }

    /// JSON of the same meaning in which nothing but line feeds is unprintable; these stand between its parts only.
    package var jsonFitForTerminals: String {
        var text = ""
        for scalar in unicodeScalars {
            if scalar.isUnprintable, scalar != "\n" {
                for unit in UTF16.encode(scalar) ?? UTF16.EncodedScalar() {
                    let digits = String(unit, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    /// The lines of a text of others, each made fit.
    package var printableLines: [String] {
        // Not by characters: a return and a line feed are one of those.
        unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
            .map { String(String.UnicodeScalarView($0)).printable }
    }
}

extension Unicode.Scalar {
    fileprivate var isUnprintable: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
            true
        default: false
        }
    }
}
