import Ethereum
import Testing

@Suite struct QuantityTests {
    @Test(arguments: [
        ("0x0", 0), ("0x1", 1), ("0x7f", 127), ("0xDEADbeef", 0xdead_beef),
        ("0xffffffffffffffff", UInt64.max),
    ])
    func `reads hexadecimal without leading zeros`(text: String, number: UInt64) {
        #expect(Quantity.number(text) == UInt256(number))
        #expect(Quantity.text(number) == text.lowercased())
    }

    @Test(arguments: [
        "", "0x", "0x00", "0x01", "1", "-0x1", "0x-1", "0X1", "0xg", "0x1 ", " 0x1", "0x１",
        "0x1" + String(repeating: "0", count: 64),
    ])
    func `refuses every other text`(text: String) {
        #expect(Quantity.number(text) == nil)
    }

    @Test func `reads and writes 256 bits`() {
        let text = "0x" + String(repeating: "f", count: 64)
        #expect(Quantity.number(text) == .max)
        #expect(Quantity.text(.max) == text)
    }
}
