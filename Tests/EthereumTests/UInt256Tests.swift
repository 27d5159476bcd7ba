import Ethereum
import Primitives
import Testing

@Suite struct UInt256Tests {
    private let samples: [UInt256] = [
        0, 1, 2, UInt256(.max), UInt256(.max) + 1, UInt256(.max) * 5 + 7, .max / 3, .max / 2,
        .max.subtracting(1)!, .max,
    ]

    @Test func `keeps its bytes`() {
        for number in samples {
            #expect(UInt256(bigEndian: number.bigEndian) == number)
            #expect(UInt256(bigEndian: number.minimalBytes) == number)
            #expect(number.minimalBytes.first != 0)
        }
        #expect(UInt256(bigEndian: [UInt8](repeating: 1, count: 33)) == nil)
    }

    @Test func `adds and takes away again`() {
        for left in samples {
            for right in samples {
                let (sum, overflow) = left.addingReportingOverflow(right)
                #expect(overflow == (sum < left))
                #expect(left + right == (overflow ? .max : sum))
                if !overflow { #expect(sum.subtracting(right) == left) }
                #expect((left.subtracting(right) == nil) == (left < right))
            }
        }
    }

    @Test func `multiplies and divides back`() {
        for number in samples {
            for factor: UInt64 in [1, 3, 125, 1_000_000_007, .max] {
                let (product, overflow) = number.multipliedReportingOverflow(by: factor)
                if overflow { #expect(number * factor == .max) } else { #expect(product / factor == number) }
                let (quotient, remainder) = number.quotientAndRemainder(dividingBy: factor)
                #expect(quotient * factor + UInt256(remainder) == number)
                #expect(remainder < factor)
            }
        }
    }

    @Test func `orders by value`() {
        #expect(samples == samples.sorted())
        #expect(UInt256(.max).bitCount == 64)
        #expect(UInt256.max.bitCount == 256)
        #expect(UInt256.zero.bitCount == 0)
    }

    @Test func `writes decimal`() {
        #expect(UInt256.zero.description == "0")
        #expect((UInt256(10_000_000_000_000_000_000) * 10).description == "100000000000000000000")
        let greatest = "115792089237316195423570985008687907853269984665640564039457584007913129639935"
        #expect(UInt256.max.description == greatest)
    }
}
