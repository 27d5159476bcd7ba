// Runs whatever touches secrets, with every secret marked as undefined. Under valgrind's memcheck each branch and each
// memory address that depends on a secret is then reported. `scripts/check-constant-time` tells what is expected.

import CMemcheck
import Cryptography
import Glibc
import Primitives

guard memcheck_is_watching() != 0 else {
    print("not running under valgrind; use scripts/check-constant-time")
    exit(77)
}
var random = HidingRandom()

if CommandLine.arguments.contains("--leak") {
    // A multiplication that is meant for public scalars: the check has to notice.
    let secret = SecretScalar(random: &random)
    let bytes = unsafe secret.bytes.withUnsafeBytes { unsafe ScalarBytes($0) }
    _ = bytes.flatMap { Scalar($0) }.map { Point.generator * $0 }
    exit(0)
}

if CommandLine.arguments.contains("--leak-bls") {
    leakBLS(random: &random)
    exit(0)
}

try checkIdentities(random: &random)
try checkKeyGeneration(random: &random)
try checkSigning(random: &random)
try checkBLS(random: &random)
try checkKeySharing(random: &random)
print("every operation on secrets ran")
