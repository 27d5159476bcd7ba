import ArgumentParser
import BLS12381
import Cryptography
import Ethereum
import KeyOperations
import Primitives

/// Reads what people write on the command line about validators and operators.
enum OpsText {
    static func address(_ text: String, _ option: String) throws -> Address {
        guard let address = Address(checked: text), !address.isZero else {
            throw ValidationError(
                "\(option) takes 0x and 40 hexadecimal digits, with the capitals of EIP-55 if it has any, not '\(text)'"
            )
        }
        return address
    }

    /// Numbers with commas between, in any order.
    static func operators(_ text: String) throws -> OperatorGroup {
        let parts = text.split(separator: ",").map { $0.filter { $0 != " " } }
        let ids = parts.compactMap { UInt64($0) }.map { OperatorID($0) }
        guard ids.count == parts.count, let group = OperatorGroup(ids.sorted()) else {
            throw ValidationError(
                "--operators takes 4 to 13 different numbers of operators, such as 1,2,5,6, not '\(text)'"
            )
        }
        return group
    }

    /// The one validator whose key begins so.
    static func validator(_ text: String, in ledger: OperationsLedger) throws -> OperationsLedger.Validator {
        let digits = text.lowercased()
        let prefix = digits.hasPrefix("0x") ? digits : "0x" + digits
        let found = ledger.validators.filter { prefix.count >= 10 && "\($0.publicKey)".hasPrefix(prefix) }
        guard let validator = found.first, found.count == 1 else {
            let reason =
                prefix.count < 10
                ? "give at least eight digits of it" : found.isEmpty ? "none was made here" : "several do"
            Terminal.complain("no one validator has a key that begins with \(prefix): \(reason)")
            throw ExitCode(Exit.failed)
        }
        guard !validator.isClosed else {
            Terminal.complain("the validator \(validator.publicKey) has left, by the governor's word")
            throw ExitCode(Exit.negative)
        }
        return validator
    }
}
