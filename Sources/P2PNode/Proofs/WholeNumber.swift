/// A number in a file that is refused by its name where it is none, or has no room.
///
/// The decoder itself says of such a number only that the file is wrong somewhere.
@propertyWrapper
struct WholeNumber<Number: FixedWidthInteger & Codable & Sendable>: Codable, Sendable {
    var wrappedValue: Number

    init(wrappedValue: Number) {
        self.wrappedValue = wrappedValue
    }

    init(from decoder: any Decoder) throws {
        do {
            wrappedValue = try decoder.singleValueContainer().decode(Number.self)
        } catch {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: decoder.codingPath,
                    debugDescription: "no whole number",
                    underlyingError: error
                )
            )
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue)
    }
}
