import Receivers
import TributaryAPI

extension HashringSpec {
    /// The host name in the addresses of a StatefulSet's receivers, without that of the pod.
    ///
    /// A receiver that does not find itself in the file by its own words forwards its series to itself, and other addresses
    /// would move series between receivers. So adopted receivers are called what they call themselves, unless the
    /// specification names the cluster's domain.
    func serviceHost(of set: ReceiverSet) -> String {
        let own = adopt != nil && clusterDomain == nil ? set.ownServiceHost(port: effectivePort) : nil
        return own
            ?? ReceiverAddress.serviceHost(
                set.serviceName, namespace: set.key.namespace, domain: effectiveClusterDomain)
    }
}
