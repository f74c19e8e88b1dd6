import Receivers
import Testing

@Suite("Addresses of receivers")
struct ReceiverAddressTests {
    @Test func `A receiver's address is its pod's stable name in the cluster's domain`() {
        let host = ReceiverAddress.serviceHost("receive", namespace: "o11y", domain: "cluster.local")
        #expect(ReceiverAddress.of("receive-0", host, 10901) == "receive-0.receive.o11y.svc.cluster.local:10901")
    }

    @Test func `Without a cluster domain an address ends at svc`() {
        let host = ReceiverAddress.serviceHost("receive", namespace: "o11y", domain: "")
        #expect(ReceiverAddress.of("receive-0", host, 10901) == "receive-0.receive.o11y.svc:10901")
    }
}
