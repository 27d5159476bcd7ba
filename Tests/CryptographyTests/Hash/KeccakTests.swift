import Cryptography
import Primitives
import Testing

@Suite struct KeccakTests {
    @Test func `differs from SHA-3 in its padding`() {
        let empty = Keccak256.hash([])
        #expect(empty.hex == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")
    }

    @Test(arguments: [
        ("abc", "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45"),
        ("hello world", "47173285a8d7341e5e972fc677286384f802f8ef42a5ec5f03bbfa254cb01fad"),
        (
            "Transfer(address,address,uint256)",
            "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
        ),
    ])
    func `gives the known answers`(message: String, answer: String) {
        #expect(Keccak256.hash(Array(message.utf8)).hex == answer)
    }
}
