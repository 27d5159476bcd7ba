package import Primitives

extension Address {
    /// The address with the capitals of EIP-55, by which a typing error shows.
    package var checksummed: String {
        let digits = hex
        let hash = Keccak256.hash(Array(digits.utf8))
        var text = "0x"
        for (index, digit) in digits.enumerated() {
            let nibble = index.isMultiple(of: 2) ? hash[index / 2] >> 4 : hash[index / 2] & 15
            text += nibble >= 8 ? digit.uppercased() : String(digit)
        }
        return text
    }

    /// Reads `0x` and 40 digits.
    ///
    /// Where the digits have both capitals and small letters, they must be those of EIP-55; `nil` otherwise.
    package init?(checked text: String) {
        guard text.hasPrefix("0x"), text.utf8.count == 42, let address = Address(hex: text) else {
            return nil
        }
        let digits = text.dropFirst(2)
        let mixed = digits != digits.lowercased() && digits != digits.uppercased()
        guard !mixed || text == address.checksummed else { return nil }
        self = address
    }
}
