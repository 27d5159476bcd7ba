"""Blocks, receipts, logs, fees: what the endpoint says about the chain, and that it is true."""

import rlp
from eth.vm.forks import PragueVM
from eth_account import Account
from eth_utils import keccak, to_canonical_address

from devchain.accounts import dev_key, dev_keys
from devchain.chain import Chain
from devchain.client import sign_transaction
from devchain.clock import BlockClock
from devchain.config import ChainConfig, GenesisAccount
from devchain.store import MemoryStore

from node import Node, refusal
from referee import judge

SOMEBODY = "0x00000000000000000000000000000000000000AA"
# Logs its call data under two topics, returns it: LOG2(0, size, 1, 2), RETURN(0, size).
ECHO = bytes.fromhex("365f5f37" + "60026001365f" + "a2" + "365ff3")


def transfer(node: Node, index: int = 3, **options) -> str:
    sender = node.sender(index)
    return sender.send(sender.sign(to_canonical_address(SOMEBODY), value=5, gas=21_000, **options))


def deploy_echo(node: Node) -> str:
    size = len(ECHO)
    creation = bytes([0x60, size, 0x60, 12, 0x5F, 0x39, 0x60, size, 0x5F, 0xF3]) + b"\0\0" + ECHO
    sender = node.sender(4)
    sent = sender.send(sender.sign(b"", creation, gas=200_000))
    node.mine()
    receipt = sender.wait(sent)
    assert receipt["status"] == "0x1"
    return receipt["contractAddress"]


def test_a_blocks_hash_is_the_hash_of_its_header(node):
    transfer(node)
    node.mine()
    for tag in ("0x0", "latest"):
        block = node.rpc("eth_getBlockByNumber", tag, False)
        raw = bytes.fromhex(node.rpc("debug_getRawBlock", tag)[2:])
        header = rlp.decode(raw)[0]
        assert block["hash"] == "0x" + keccak(rlp.encode(header)).hex()
        assert block["parentHash"] == "0x" + header[0].hex()
        assert (block["stateRoot"], block["receiptsRoot"]) == ("0x" + header[3].hex(), "0x" + header[5].hex())


def test_the_executable_specification_accepts_the_blocks(chain):
    state = chain.evm.state_after(chain.head)
    for index in range(3):
        key = dev_key(index)
        signed = sign_transaction(
            key,
            chain_id=31337,
            nonce=state.get_nonce(key.public_key.to_canonical_address()),
            tip=1,
            max_fee=3 * 10**9,
            gas=30_000,
            to=b"\xaa" * 20,
            value=7,
            data=b"\1" * index,
        )
        chain.submit(signed.raw)
    chain.mine()
    chain.mine()
    chain.reorganise(2, keep=True)
    assert judge(chain) == 3


def test_a_block_is_found_by_number_hash_and_tag(node):
    node.mine(12)
    head = node.rpc("eth_getBlockByNumber", "latest", True)
    assert node.rpc("eth_getBlockByHash", head["hash"], True) == head
    assert node.rpc("eth_getBlockByNumber", head["number"], True) == head
    assert node.rpc("eth_getBlockByNumber", "pending", True) == head
    number = int(head["number"], 16)
    assert int(node.rpc("eth_getBlockByNumber", "safe", False)["number"], 16) == number - 4
    assert int(node.rpc("eth_getBlockByNumber", "finalized", False)["number"], 16) == number - 8
    assert node.rpc("eth_getBlockByNumber", "earliest", False)["number"] == "0x0"
    assert node.rpc("eth_getBlockByNumber", hex(number + 1), False) is None
    assert node.rpc("eth_getBlockByHash", "0x" + "12" * 32, False) is None


def test_a_receipt_tells_what_happened(node):
    sent = transfer(node)
    assert node.rpc("eth_getTransactionReceipt", sent) is None
    assert node.rpc("eth_getTransactionByHash", sent)["blockNumber"] is None
    node.mine()
    receipt = node.rpc("eth_getTransactionReceipt", sent)
    body = node.rpc("eth_getTransactionByHash", sent)
    block = node.rpc("eth_getBlockByNumber", receipt["blockNumber"], True)
    assert receipt["status"] == "0x1" and receipt["gasUsed"] == hex(21_000) and receipt["logs"] == []
    assert block["transactions"] == [body]
    assert (body["value"], body["type"], body["chainId"]) == ("0x5", "0x2", "0x7a69")
    assert node.rpc("eth_getBlockReceipts", receipt["blockNumber"]) == [receipt]
    price = int(block["baseFeePerGas"], 16) + int(body["maxPriorityFeePerGas"], 16)
    assert int(receipt["effectiveGasPrice"], 16) == price
    assert int(node.rpc("eth_getBalance", SOMEBODY), 16) == 5
    assert node.rpc("eth_getBalance", SOMEBODY, "0x0") == "0x0"


def test_legacy_and_access_list_transactions_are_mined(node):
    key = dev_key(5).to_bytes()
    nonce = int(node.rpc("eth_getTransactionCount", dev_key(5).public_key.to_checksum_address()), 16)
    plain = {"to": SOMEBODY, "value": 1, "gas": 50_000, "gasPrice": 5 * 10**9, "chainId": 31337}
    legacy = Account.sign_transaction({**plain, "nonce": nonce}, key)
    listed = Account.sign_transaction(
        {
            **plain,
            "nonce": nonce + 1,
            "type": 1,
            "accessList": [{"address": SOMEBODY, "storageKeys": ["0x" + "01" * 32]}],
        },
        key,
    )
    sent = [node.rpc("eth_sendRawTransaction", "0x" + signed.raw_transaction.hex()) for signed in (legacy, listed)]
    assert sent == ["0x" + signed.hash.hex() for signed in (legacy, listed)]
    node.mine()
    kinds = [node.rpc("eth_getTransactionByHash", each) for each in sent]
    assert [kind["type"] for kind in kinds] == ["0x0", "0x1"]
    assert kinds[1]["accessList"][0]["storageKeys"] == ["0x" + "01" * 32]
    assert [node.rpc("eth_getTransactionReceipt", each)["status"] for each in sent] == ["0x1", "0x1"]


def test_logs_are_found_by_address_topic_range_and_hash(node):
    echo = deploy_echo(node)
    sender = node.sender(4)
    blocks = []
    for word in (b"\1" * 3, b"\2" * 3):
        sent = sender.send(sender.sign(to_canonical_address(echo), word, gas=100_000))
        node.mine()
        blocks.append(sender.wait(sent)["blockNumber"])
    one, two = "0x" + "1".zfill(64), "0x" + "2".zfill(64)

    def found(**query):
        return [
            log["data"]
            for log in node.rpc("eth_getLogs", {"fromBlock": "0x0", "toBlock": "latest", **query})
            if log["address"] == echo
        ]

    both = ["0x010101", "0x020202"]
    assert found(address=echo) == both
    assert found(address=[echo, SOMEBODY], topics=[one, two]) == both
    assert found(topics=[[two, one], None]) == both
    assert found(topics=[None, [two]]) == both
    assert found(topics=[]) == both
    assert found(address=SOMEBODY) == []
    assert found(topics=[two]) == []
    assert found(topics=[one, two, one]) == []
    assert found(fromBlock=blocks[1]) == both[1:]
    assert found(toBlock=blocks[0]) == both[:1]
    block_hash = node.rpc("eth_getBlockByNumber", blocks[0], False)["hash"]
    (log,) = node.rpc("eth_getLogs", {"blockHash": block_hash, "address": echo})
    assert log["blockHash"] == block_hash and log["logIndex"] == "0x0" and log["removed"] is False
    assert "blockHash" in refusal(
        node.rpc, "eth_getLogs", {"blockHash": block_hash, "fromBlock": "0x0"}
    ).message.replace("BlockHash", "blockHash")
    assert (
        refusal(node.rpc, "eth_getLogs", {"fromBlock": "0x2", "toBlock": "0x1"}).message == "invalid block range params"
    )
    assert refusal(node.rpc, "eth_getLogs", {"blockHash": "0x" + "12" * 32}).message == "unknown block"


def test_a_call_sees_the_state_it_asks_for(node):
    before = hex(node.head())
    echo = deploy_echo(node)
    call = {"to": echo, "data": "0xabcdef"}
    assert node.rpc("eth_call", call, "latest") == "0xabcdef"
    assert node.rpc("eth_call", call, before) == "0x"
    assert node.rpc("eth_getCode", echo, "latest") == "0x" + ECHO.hex()
    assert node.rpc("eth_getCode", echo, before) == "0x"
    assert refusal(node.rpc, "eth_call", call, hex(node.head() + 1)).message == "header not found"
    head = node.rpc("eth_getBlockByNumber", "latest", False)["hash"]
    assert node.rpc("eth_call", call, {"blockHash": head}) == "0xabcdef"
    assert node.rpc("eth_call", call, {"blockNumber": hex(node.head())}) == "0xabcdef"


def test_an_estimate_suffices_and_is_close(node):
    echo = deploy_echo(node)
    sender = node.sender(4)
    for data in (b"", b"\1" * 40, b"\1" * 4000):
        gas = int(node.rpc("eth_estimateGas", {"to": echo, "data": "0x" + data.hex()}), 16)
        sent = sender.send(sender.sign(to_canonical_address(echo), data, gas=gas))
        node.mine()
        receipt = sender.wait(sent)
        assert receipt["status"] == "0x1"
        assert int(receipt["gasUsed"], 16) <= gas <= 1.03 * int(receipt["gasUsed"], 16) + 2400


def test_failures_of_execution_are_worded_as_geth_words_them(remote):
    node = remote.node
    revert = refusal(node.rpc, "eth_call", {"to": remote.address, "data": "0x" + remote.data("acceptGovernor").hex()})
    assert (revert.code, revert.message) == (3, "execution reverted: NOT_PENDING")
    assert revert.data.startswith("0x08c379a0")
    again = refusal(
        node.rpc, "eth_estimateGas", {"to": remote.address, "data": "0x" + remote.data("acceptGovernor").hex()}
    )
    assert (again.code, again.message) == (3, "execution reverted: NOT_PENDING")
    bare = refusal(node.rpc, "eth_call", {"to": remote.address, "data": "0x01020304"})
    assert (bare.code, bare.message, bare.data) == (3, "execution reverted", "0x")
    gas = refusal(
        node.rpc, "eth_call", {"to": remote.address, "data": "0x" + remote.election(9).hex(), "gas": hex(30_000)}
    )
    assert (gas.code, gas.message) == (-32000, "out of gas")
    poor = refusal(node.rpc, "eth_call", {"from": SOMEBODY, "to": SOMEBODY, "value": hex(10**30)})
    assert poor.message == "insufficient funds for transfer"


def test_the_base_fee_follows_the_blocks():
    """EIP-1559: an empty block lowers it by an eighth, a full one raises it by an eighth."""
    config = ChainConfig(genesis_time=1, gas_limit=210_000)
    chain = Chain(config, MemoryStore(), None, BlockClock(step=12))
    fees = [chain.mine().header.base_fee_per_gas]
    for count in (10, 5, 0, 10):  # transfers; five are the target
        for index in range(count):
            key = dev_key(index)
            nonce = chain.evm.state_after(chain.head).get_nonce(key.public_key.to_canonical_address())
            chain.submit(
                sign_transaction(
                    key,
                    chain_id=31337,
                    nonce=nonce,
                    tip=1,
                    max_fee=10**10,
                    gas=21_000,
                    to=b"\xaa" * 20,
                    value=1,
                    data=b"",
                ).raw
            )
        block = chain.mine()
        assert len(block.transactions) == count
        fees.append(chain.evm.next_base_fee(block))
    assert fees[0] == 875_000_000
    fee = 765_625_000  # of the first of the four
    assert fees[1:] == [fee + fee // 8, fee + fee // 8, (fee + fee // 8) * 7 // 8 + 1, fees[3] + fees[3] // 8]


def test_the_fee_history_has_a_price_for_the_next_block(node):
    transfer(node, tip=123)
    node.mine()
    node.mine()
    history = node.rpc("eth_feeHistory", "0x2", "latest", [10, 50])
    assert history["oldestBlock"] == hex(node.head() - 1)
    assert len(history["baseFeePerGas"]) == 3 and len(history["gasUsedRatio"]) == 2
    assert history["reward"] == [["0x7b", "0x7b"], ["0x0", "0x0"]]
    node.mine()
    assert node.rpc("eth_getBlockByNumber", "latest", False)["baseFeePerGas"] == history["baseFeePerGas"][-1]
    assert "reward" not in node.rpc("eth_feeHistory", "0x400", "latest")
    assert refusal(node.rpc, "eth_feeHistory", "0x1", "latest", [50, 10]).code == -32602


def test_storage_and_code_may_be_given_at_genesis():
    extra = {b"\xee" * 20: GenesisAccount(balance=9, nonce=1, code=ECHO, storage=((5, 6),))}
    config = ChainConfig(genesis_time=1, accounts=2, extra=extra)
    assert ChainConfig.from_text(config.as_text()) == config
    state = (made := Chain(config, MemoryStore(), None, BlockClock())).evm.state_after(made.head)
    assert (state.get_balance(b"\xee" * 20), state.get_storage(b"\xee" * 20, 5)) == (9, 6)
    assert state.get_code(b"\xee" * 20) == ECHO
    for key in dev_keys(2):
        assert state.get_balance(key.public_key.to_canonical_address()) == 10**24


def test_the_fork_is_prague(node):
    block = node.rpc("eth_getBlockByNumber", "latest", False)
    assert block["requestsHash"] and block["parentBeaconBlockRoot"] and PragueVM.fork == "prague"
