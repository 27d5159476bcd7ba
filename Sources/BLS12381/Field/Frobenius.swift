/// Powers of p, by conjugation and constants.
enum Frobenius {
    /// (u + 1)^(i (p - 1) / 6) for i from 0 to 5: what w^i gains when it is raised to the p-th power.
    static let factors: [Fp2] = {
        // (p - 1) / 6.
        let exponent: Words<6> = [
            0x49aa_7fff_ffff_f1c7, 0x051c_aaaa_72e3_5555, 0xe688_231a_d3c8_2906, 0xe613_e1eb_7deb_831f,
            0x0c84_9bf3_b5e1_f223, 0x0455_82fc_5eea_a66f,
        ]
        let first = Fp2(.one, .one).power(exponent)
        var factors = [Fp2.one]
        for _ in 1..<6 { factors.append(factors[factors.count - 1] * first) }
        return factors
    }()
}

extension Fp12 {
    /// The p-th power.
    var frobenius: Fp12 {
        let factors = Frobenius.factors
        return Fp12(
            Fp6(c0.c0.conjugate, c0.c1.conjugate * factors[2], c0.c2.conjugate * factors[4]),
            Fp6(
                c1.c0.conjugate * factors[1],
                c1.c1.conjugate * factors[3],
                c1.c2.conjugate * factors[5]
            )
        )
    }
}
