import Ethereum
import Testing

@Suite struct JSONTests {
    private func parse(_ text: String) throws(JSONError) -> JSON {
        try JSONParser.parse(Array(text.utf8))
    }

    @Test func `reads values of every kind`() throws {
        let text =
            #" {"a": [1, -2.5e+3, true, false, null], "b": {"c": "x\u00e9\ud83d\ude00\n\"\\\/"}, "": ""} "#
        let expected = JSON.object([
            "a": .array([.number("1"), .number("-2.5e+3"), .bool(true), .bool(false), .null]),
            "b": .object(["c": .string("xé😀\n\"\\/")]),
            "": .string(""),
        ])
        #expect(try parse(text) == expected)
        #expect(try parse("[]") == .array([]))
        #expect(try parse("{}") == .object([:]))
        #expect(try JSONParser.parse(expected.encoded) == expected)
    }

    @Test func `keeps the digits of numbers`() throws {
        #expect(try parse("123456789012345678901234567890") == .number("123456789012345678901234567890"))
    }

    @Test(arguments: [
        "", " ", "{", "[", "[1", "[1,", "[1,]", "[,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "tru",
        "truex",
        "nul", "01", "-", "+1", ".5", "1.", "1e", "1e+", "0x1", "\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"",
        "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"a\nb\"", "'a'", "[1] 2", "NaN", "<html>", "\u{FEFF}{}",
    ])
    func `refuses what is no JSON`(text: String) {
        #expect(throws: JSONError.self) { try parse(text) }
    }

    @Test func `refuses bytes that are not UTF-8`() {
        #expect(throws: JSONError.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
        #expect(throws: JSONError.self) { try JSONParser.parse([0x22, 0xC0, 0x80, 0x22]) }
    }

    @Test func `refuses a name that comes twice`() {
        #expect(throws: JSONError.duplicateName("a")) { try parse(#"{"a":1,"a":2}"#) }
    }

    @Test func `refuses depth and count beyond its limits`() throws {
        let depth = JSONParser.maxDepth
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try parse(nested(depth + 1))
        #expect(throws: JSONError.self) { try parse(nested(depth + 2)) }
        #expect(throws: JSONError.self) { try parse(String(repeating: "[", count: 1_000_000)) }
        let many = "[" + String(repeating: "1,", count: JSONParser.maxValues) + "1]"
        #expect(throws: JSONError.tooMany) { try parse(many) }
    }

    @Test func `survives every truncation and changed byte`() {
        let bytes = Array(#"{"jsonrpc":"2.0","id":3,"result":[{"a":"\u0041"},-1.5e3,null]}"#.utf8)
        for count in 0..<bytes.count {
            #expect(throws: JSONError.self) { try JSONParser.parse(Array(bytes.prefix(count))) }
        }
        for index in bytes.indices {
            for byte in [0, 0x22, 0x5B, 0x7B, 0x5C, 0x80, 0xFF] as [UInt8] {
                var changed = bytes
                changed[index] = byte
                _ = try? JSONParser.parse(changed)
            }
        }
    }
}
