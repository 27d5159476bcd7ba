"""The logs of the two contracts, as they are on every network."""

import pytest

from beacon.network import DEPOSIT_CONTRACT, spec
from beacon.requests import DEPOSIT_TOPIC, Contracts, Malformed, read_deposit, read_log, read_withdrawal

from validators import PAYEE, configure, deposit_data, deposit_log, pubkey, signed_deposit, withdrawal_log

configure()


def test_the_topic_is_that_of_the_real_contract():
    assert DEPOSIT_TOPIC.hex() == "649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5"


def test_a_deposits_log_is_read_to_the_byte():
    request = signed_deposit(index=258)
    data = deposit_data(request)
    assert len(data) == 576
    assert read_log(deposit_log(data), Contracts()) == request


@pytest.mark.parametrize("place", [31, 63, 95, 127, 159, 191, 287, 351, 415, 543])
def test_a_deposits_log_with_another_offset_or_length_is_none(place):
    data = bytearray(deposit_data(signed_deposit()))
    data[place] ^= 1
    with pytest.raises(Malformed):
        read_deposit(bytes(data))


@pytest.mark.parametrize("size", [0, 575, 577, 608])
def test_a_deposits_log_of_another_size_is_none(size):
    with pytest.raises(Malformed):
        read_deposit(deposit_data(signed_deposit()).ljust(size, b"\0")[:size])


def test_a_withdrawal_requests_log_has_its_amount_most_significant_byte_first():
    data = PAYEE + pubkey() + (1_000_000_001).to_bytes(8, "big")
    request = read_log(withdrawal_log(data), Contracts())
    assert request == spec.WithdrawalRequest(source_address=PAYEE, validator_pubkey=pubkey(), amount=1_000_000_001)
    with pytest.raises(Malformed):
        read_withdrawal(data[:-1])


def test_logs_of_others_are_none():
    data = deposit_data(signed_deposit())
    other = deposit_log(data)
    other["address"] = "0x" + "12" * 20
    assert read_log(other, Contracts()) is None
    other = deposit_log(data)
    other["topics"] = ["0x" + "34" * 32]
    assert read_log(other, Contracts()) is None
    assert read_log({**withdrawal_log(data), "address": "0x" + DEPOSIT_CONTRACT.hex()}, Contracts()) is None
