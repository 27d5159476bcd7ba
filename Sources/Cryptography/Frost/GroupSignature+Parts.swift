package import Primitives

extension GroupSignature {
    /// Joins `R` and `z` in the form peers exchange.
    package init(commitment: CompressedPoint, response: Scalar) {
        self.init()
        for index in 0..<33 { self[index] = commitment[index] }
        for index in 0..<32 { self[33 + index] = response.bytes[index] }
    }

    /// R as its 33 bytes, decoded or not.
    var commitment: CompressedPoint {
        var point = CompressedPoint()
        for index in 0..<33 { point[index] = self[index] }
        return point
    }

    /// R and z, or `nil` when R is no point, or z is zero or not below the group order.
    package var parts: (commitment: Point, response: Scalar)? {
        var response = ScalarBytes()
        for index in 0..<32 { response[index] = self[33 + index] }
        guard let response = Scalar(response), !response.isZero, let commitment = Point(commitment) else {
            return nil
        }
        return (commitment, response)
    }
}
