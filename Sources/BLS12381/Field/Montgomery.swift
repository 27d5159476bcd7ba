/// Arithmetic modulo an odd prime in Montgomery's representation (Montgomery 1985).
///
/// A residue a is held as a R modulo the prime, R = 2^(64 count). Every function takes and returns numbers below the
/// prime and runs in a time that depends on nothing. Products interleave multiplication and reduction word by word
/// ("CIOS", Koç, Acar and Kaliski 1996), without a carry word, since the primes here leave their top bit unused.
struct Montgomery<let count: Int>: Sendable {
    let modulus: Words<count>
    /// -1 / modulus, modulo 2^64.
    let inverse: UInt64

    @inline(__always) init(modulus: Words<count>, inverse: UInt64) {
        self.modulus = modulus
        self.inverse = inverse
    }

    /// The number itself, or less the modulus; the number is below twice the modulus.
    @inline(__always) func reduceOnce(_ number: Words<count>) -> Words<count> {
        let (difference, borrow) = Words<count>.subtract(number, modulus)
        return .select(Choice(bit: borrow), number, difference)
    }

    @inline(__always) func add(_ left: Words<count>, _ right: Words<count>) -> Words<count> {
        reduceOnce(Words<count>.add(left, right).sum)
    }

    @inline(__always) func subtract(_ left: Words<count>, _ right: Words<count>) -> Words<count> {
        let (difference, borrow) = Words<count>.subtract(left, right)
        let correction = Words<count>.select(Choice(bit: borrow), modulus, Words<count>(repeating: 0))
        return Words<count>.add(difference, correction).sum
    }

    /// Modulus less number: for 0 that is the modulus itself, which products take but encodings do not.
    @inline(__always) func complement(_ number: Words<count>) -> Words<count> {
        Words<count>.subtract(modulus, number).difference
    }

    @inline(__always) func negate(_ number: Words<count>) -> Words<count> {
        reduceOnce(complement(number))
    }

    /// left right / R.
    @inline(__always) func multiply(_ left: Words<count>, _ right: Words<count>) -> Words<count> {
        var total = Words<count>(repeating: 0)
        for row in 0..<count {
            var carry: UInt64 = 0
            for index in 0..<count {
                total[index] = multiplyAdd(total[index], left[row], right[index], &carry)
            }
            shift(&total, top: carry)
        }
        return reduceOnce(total)
    }

    /// The sum of left[i] right[i] / R, by one reduction for all of it (Longa 2022, algorithm 2).
    ///
    /// The sum has to stay below R times the modulus: six products modulo p, where p < R / 9, do so with room.
    @inline(__always) func sumOfProducts<let terms: Int>(
        _ left: InlineArray<terms, Words<count>>,
        _ right: InlineArray<terms, Words<count>>
    ) -> Words<count> {
        var total = Words<count>(repeating: 0)
        for row in 0..<count {
            var top: UInt64 = 0
            for term in 0..<terms {
                var carry: UInt64 = 0
                for index in 0..<count {
                    total[index] = multiplyAdd(total[index], left[term][row], right[term][index], &carry)
                }
                top &+= carry
            }
            shift(&total, top: top)
        }
        return reduceOnce(total)
    }

    /// number / R: out of Montgomery's representation.
    @inline(__always) func reduce(_ number: Words<count>) -> Words<count> {
        var total = number
        for _ in 0..<count { shift(&total, top: 0) }
        return reduceOnce(total)
    }

    /// Adds the multiple of the modulus that clears the lowest word, and drops that word.
    @inline(__always) private func shift(_ total: inout Words<count>, top: UInt64) {
        let factor = total[0] &* inverse
        var carry: UInt64 = 0
        _ = multiplyAdd(total[0], factor, modulus[0], &carry)
        for index in 1..<count {
            total[index - 1] = multiplyAdd(total[index], factor, modulus[index], &carry)
        }
        total[count - 1] = top &+ carry
    }
}
