# pragma version 0.4.3
# pragma evm-version cancun
# pragma optimize gas
"""
@title Verification of one RFC 9591 FROST(secp256k1, SHA-256) signature
@notice A group of any size and threshold signs with one key; the check costs one `ecrecover` and does not depend
        on the size of the group.
@dev For a public key P with affine x-coordinate `px` and a signature (R, s) over `message`, RFC 9591 asks
     s*G == R + e*P with e = H2(R || P || message). `ecrecover` computes px^-1 * (s'*P - h*G) and returns the address
     of that point. With h = -s*px and s' = -e*px it returns the address of s*G - e*P, which must be the address of R.
     R needs no check of its own: a pair (rx, ry) off the curve would have to be a preimage of a 160-bit address.
"""

struct Signature:
    rx: uint256     # affine coordinates of the commitment R
    ry: uint256
    s: uint256      # response, RFC 9591's z

# The order of the group of secp256k1.
ORDER: constant(uint256) = 115792089237316195423570985008687907852837564279074904382605163141518161494337
# RFC 9380 5.3.3: the domain separation tag of H2 followed by its length.
TAG: constant(Bytes[30]) = b"FROST-secp256k1-SHA256-v1chal\x1d"
ZERO_BLOCK: constant(Bytes[64]) = b"\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"


@internal
@pure
def _isKey(px: uint256, parity: uint256) -> bool:
    """
    @notice Whether (px, parity) has the form of a key that `_verify` can check. Not whether px is on the curve: a
            signature that verifies proves that.
    @dev px below the order is a condition of `ecrecover`; a random key violates it with probability 2^-128.
    """
    return px != 0 and px < ORDER and parity < 2


@internal
@pure
def _challenge(px: uint256, parity: uint256, rx: uint256, ry: uint256, message: bytes32) -> uint256:
    """
    @notice RFC 9591 6.5: H2 = hash_to_field of 48 bytes of expand_message_xmd with SHA-256.
    """
    b0: bytes32 = sha256(concat(
        ZERO_BLOCK,
        slice(convert(2 + (ry & 1), bytes32), 31, 1), convert(rx, bytes32),
        slice(convert(2 + parity, bytes32), 31, 1), convert(px, bytes32),
        message, x"003000", TAG))
    b1: bytes32 = sha256(concat(b0, x"01", TAG))
    mixed: bytes32 = convert(convert(b0, uint256) ^ convert(b1, uint256), bytes32)
    b2: bytes32 = sha256(concat(mixed, x"02", TAG))
    return uint256_addmod(
        uint256_mulmod(convert(b1, uint256), 2 ** 128, ORDER), convert(b2, uint256) >> 128, ORDER)


@internal
@pure
def _verify(px: uint256, parity: uint256, message: bytes32, signature: Signature) -> bool:
    """
    @notice Whether `signature` is the only valid encoding of a signature over `message` by the key (px, parity).
    """
    if signature.s == 0 or signature.s >= ORDER or not self._isKey(px, parity):
        return False
    e: uint256 = self._challenge(px, parity, signature.rx, signature.ry, message)
    if e == 0:
        return False
    recovered: address = ecrecover(
        convert(unsafe_sub(ORDER, uint256_mulmod(signature.s, px, ORDER)), bytes32),
        unsafe_add(27, parity),
        px,
        unsafe_sub(ORDER, uint256_mulmod(e, px, ORDER)))
    if recovered == empty(address):
        return False
    committed: uint256 = convert(keccak256(abi_encode(signature.rx, signature.ry)), uint256) & (2 ** 160 - 1)
    return convert(recovered, uint256) == committed
