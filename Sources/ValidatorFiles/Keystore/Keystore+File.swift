internal import Ethereum
internal import Primitives

extension Keystore {
    /// The file's bytes, as the deposit tool writes them.
    package func encoded() -> [UInt8] {
        let none = FileText.object([])
        let kdf: FileText =
            switch derivation {
            case .scrypt(let n, let r, let p, let salt):
                .object([
                    ("function", .text("scrypt")),
                    (
                        "params",
                        .object([
                            ("dklen", .number(32)), ("n", .number(UInt64(n))), ("r", .number(UInt64(r))),
                            ("p", .number(UInt64(p))), ("salt", .text(Hex.encode(salt))),
                        ])
                    ),
                    ("message", .text("")),
                ])
            case .pbkdf2(let rounds, let salt):
                .object([
                    ("function", .text("pbkdf2")),
                    (
                        "params",
                        .object([
                            ("c", .number(UInt64(rounds))), ("dklen", .number(32)),
                            ("prf", .text("hmac-sha256")),
                            ("salt", .text(Hex.encode(salt))),
                        ])
                    ),
                    ("message", .text("")),
                ])
            }
        let crypto = FileText.object([
            ("kdf", kdf),
            (
                "checksum",
                .object([("function", .text("sha256")), ("params", none), ("message", .text(checksum.hex))])
            ),
            (
                "cipher",
                .object([
                    ("function", .text("aes-128-ctr")),
                    ("params", .object([("iv", .text(Hex.encode(counter)))])),
                    ("message", .text(Hex.encode(ciphertext))),
                ])
            ),
        ])
        guard let label else { return crypto.encoded(.spaced) }
        return FileText.object([
            ("crypto", crypto),
            ("description", .text(label.description)),
            ("pubkey", .text(label.publicKey)),
            ("path", .text(label.path)),
            ("uuid", .text(label.uuid)),
            ("version", .number(4)),
        ]).encoded(.spaced)
    }

    /// Reads a keystore, or the object `crypto` of one alone.
    package init(_ bytes: [UInt8]) throws(FileFault) {
        let value = try FileValue.read(bytes, atMost: Self.mostBytes)
        guard value.json["crypto"] != nil else {
            // SSV's operators keep the public key beside the ciphertext.
            self = try Self.crypto(
                value.object(["checksum", "cipher", "kdf"], optional: ["pubKey", "publicKey"]),
                nil
            )
            return
        }
        let members = try value.object(
            ["crypto", "version"],
            optional: ["description", "name", "path", "pubkey", "uuid"]
        )
        guard try members("version").number() == 4 else {
            throw members("version").fault(
                "is not 4",
                remedy: "convert the keystore to EIP-2335 with its own tool"
            )
        }
        let label = Label(
            description: try members.optional("description")?.text(atMost: 1_024) ?? "",
            publicKey: try members.optional("pubkey")?.text(atMost: 98) ?? "",
            path: try members.optional("path")?.text(atMost: 256) ?? "",
            uuid: try members.optional("uuid")?.text(atMost: 64) ?? ""
        )
        self = try Self.crypto(members("crypto").object(["checksum", "cipher", "kdf"]), label)
    }

    private static func crypto(_ members: FileObject, _ label: Label?) throws(FileFault) -> Keystore {
        let checksum = try members("checksum").object(["function", "params", "message"])
        try expect("sha256", checksum("function"))
        _ = try checksum("params").object([])
        let cipher = try members("cipher").object(["function", "params", "message"])
        try expect("aes-128-ctr", cipher("function"))
        return Keystore(
            derivation: try derivation(members("kdf")),
            checksum: try checksum("message").fixed(prefix: .none),
            counter: try cipher("params").object(["iv"])("iv").bytes(16...16, prefix: .none),
            ciphertext: try cipher("message").bytes(1...mostSecret, prefix: .none),
            label: label
        )
    }

    private static func derivation(_ value: FileValue) throws(FileFault) -> Derivation {
        let kdf = try value.object(["function", "params", "message"])
        try expect("", kdf("message"))
        let isScrypt = try kdf("function").text(atMost: 16) == "scrypt"
        if !isScrypt { try expect("pbkdf2", kdf("function")) }
        let names = isScrypt ? ["n", "r", "p"] : ["c", "prf"]
        let members = try kdf("params").object(["dklen", "salt"] + names)
        guard try members("dklen").number() == 32 else {
            throw members("dklen").fault("is not 32, the length that both halves need")
        }
        let salt = try members("salt").bytes(1...1_024, prefix: .none)
        guard isScrypt else {
            try expect("hmac-sha256", members("prf"))
            return .pbkdf2(rounds: try small(members("c")), salt: salt)
        }
        return .scrypt(
            n: try small(members("n")),
            r: try small(members("r")),
            p: try small(members("p")),
            salt: salt
        )
    }

    private static func small(_ value: FileValue) throws(FileFault) -> Int {
        guard let number = Int32(exactly: try value.number()) else {
            throw value.fault("is beyond all bounds")
        }
        return Int(number)
    }

    private static func expect(_ text: String, _ value: FileValue) throws(FileFault) {
        guard try value.text(atMost: 32) == text else {
            throw value.fault(
                text.isEmpty ? "is not empty" : "is not \(text), the only one that is known",
                remedy: "convert the keystore with the tool that made it"
            )
        }
    }
}
