import P2PNode
import Testing

@Suite struct EndpointTests {
    @Test(arguments: [
        "a:1", "oracle-1.example_x.org:65535", "192.0.2.1:9100", "[2001:db8::1]:9100", "[::ffff:1.2.3.4]:1",
    ])
    func `reads what it writes`(_ text: String) {
        #expect(Endpoint(text)?.description == text)
    }

    @Test(
        arguments: [
            "", ":", ":1", "a", "a:", "a:0", "a:65536", "a:+1", "a:１", "a b:1", "a\":1", "::1:1", "[::1]",
            "[::1:1",
            "[a.b]:1", "[::g]:1", "a/b:1", "\u{e4}:1", "[]:1", String(repeating: "a", count: 254) + ":1",
        ]
    )
    func `refuses anything else`(_ text: String) {
        #expect(Endpoint(text) == nil)
    }
}
