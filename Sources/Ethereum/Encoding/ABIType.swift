internal import Cryptography
package import Primitives

/// A type of Solidity's contract ABI, as far as the registry uses them.
package indirect enum ABIType: Hashable, Sendable {
    /// `uintN`: N is a multiple of 8 up to 256.
    case uint(Int)
    /// `address`.
    case address
    /// `bool`.
    case bool
    /// `bytes32`.
    case word
    /// `bytes`.
    case bytes
    /// `string`.
    case string
    /// `T[]`.
    case list(ABIType)
    /// `(T, U, ...)`, a struct.
    case tuple([ABIType])

    /// Whether the encoding's length depends on the value, so that it stands in the tail.
    package var isDynamic: Bool {
        switch self {
        case .uint, .address, .bool, .word: false
        case .bytes, .string, .list: true
        case .tuple(let members): members.contains(where: \.isDynamic)
        }
    }

    /// How many bytes the value takes in the head of what holds it.
    package var headSize: Int {
        guard case .tuple(let members) = self, !isDynamic else { return 32 }
        return members.reduce(0) { $0 + $1.headSize }
    }
}

extension ABIType: CustomStringConvertible {
    /// The name by which signatures call the type.
    package var description: String {
        switch self {
        case .uint(let bits): "uint\(bits)"
        case .address: "address"
        case .bool: "bool"
        case .word: "bytes32"
        case .bytes: "bytes"
        case .string: "string"
        case .list(let element): "\(element)[]"
        case .tuple(let members): "(" + members.map(\.description).joined(separator: ",") + ")"
        }
    }
}

/// The name and parameter types of a function, an event or an error.
package struct ABISignature: Hashable, Sendable, CustomStringConvertible {
    /// The name in the contract.
    package let name: String
    /// The types of the parameters in order.
    package let parameters: [ABIType]
    /// Keccak-256 of the signature's text: the first topic of the event's logs.
    package let topic: Digest

    /// The signature of that name and those types.
    package init(_ name: String, _ parameters: [ABIType]) {
        self.name = name
        self.parameters = parameters
        topic = Keccak256.hash(Array((name + ABIType.tuple(parameters).description).utf8))
    }

    /// The first 4 bytes of ``topic``, with which the data of a call begins.
    package var selector: [UInt8] { (0..<4).map { topic[$0] } }

    /// The data of a call with these arguments.
    package func call(_ arguments: [ABIValue]) -> [UInt8] {
        selector + ABIValue.tuple(arguments).encoded
    }

    package var description: String { name + ABIType.tuple(parameters).description }
}
