import CCurl
import Glibc

/// The code that runs on libcurl's thread. After its creation, only that thread uses it.
final class CurlRunner {
    private let mailbox: Mailbox
    private let multi: UnsafeMutableRawPointer
    private let sockets: CurlSockets
    private var active: [ObjectIdentifier: CurlExchange] = [:]

    init?(_ mailbox: Mailbox) {
        guard let multi = curl_multi_init() else { return nil }
        guard let sockets = CurlSockets(of: multi) else {
            curl_multi_cleanup(multi)
            return nil
        }
        self.mailbox = mailbox
        self.multi = multi
        self.sockets = sockets
        // As many streams per connection as the server allows (kube-apiserver: 100); libcurl opens another beyond that.
        _ = ccurl_multi_set_long(multi, CURLMOPT_MAX_CONCURRENT_STREAMS, 1000)
        // The number of idle connections to keep: enough to serve a burst of calls over HTTP/1.1.
        _ = ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 40)
        mailbox.attach(bell: sockets.bell)
    }

    /// Processes commands and transfers until the stop command.
    func run() {
        loop: while true {
            var commands = mailbox.takeAll()[...]
            while let command = commands.popFirst() {
                switch command {
                case .start(let transfer): start(transfer)
                case .cancel(let transfer): remove(transfer)
                case .giveUp(let transfer, let silence): giveUp(transfer, after: silence)
                case .resume(let transfer): active[ObjectIdentifier(transfer)]?.resume()
                case .stop:
                    refuse(commands)
                    break loop
                }
            }
            sockets.wait()
            collect()
        }
        let (commands, handlers) = mailbox.close()
        refuse(commands[...])
        for exchange in active.values {
            exchange.detach(from: multi)
            exchange.transfer.finish(.failure(.shutDown))
        }
        active = [:]
        curl_multi_cleanup(multi)
        for handler in handlers { handler() }
    }

    /// Ends what came too late to be started.
    private func refuse(_ commands: ArraySlice<CurlCommand>) {
        for case .start(let transfer) in commands { transfer.finish(.failure(.shutDown)) }
    }

    private func start(_ transfer: Transfer) {
        do throws(TransferFailure) {
            let exchange = try CurlExchange(transfer)
            try exchange.attach(to: multi)
            active[ObjectIdentifier(transfer)] = exchange
        } catch {
            transfer.finish(.failure(error))
        }
    }

    private func remove(_ transfer: Transfer) {
        active.removeValue(forKey: ObjectIdentifier(transfer))?.detach(from: multi)
    }

    private func giveUp(_ transfer: Transfer, after silence: Duration) {
        guard let exchange = active.removeValue(forKey: ObjectIdentifier(transfer)) else { return }
        abandonConnection(of: exchange, silentFor: silence)
        exchange.detach(from: multi)
    }

    /// Breaks the connection of an exchange that timed out, unless any exchange on it got something in that time.
    ///
    /// Over HTTP/2 all exchanges share a connection, and libcurl keeps it after a timeout: the next exchanges would use
    /// it, and time out as well, for as long as the peer keeps it open without a word.
    private func abandonConnection(of exchange: CurlExchange, silentFor silence: Duration) {
        guard let socket = exchange.socket else { return }
        let start = ContinuousClock.now - silence
        func hasReceived(_ exchange: CurlExchange) -> Bool { exchange.lastReceived.map { $0 > start } ?? false }
        let isAlive = hasReceived(exchange) || active.values.contains { hasReceived($0) && $0.socket == socket }
        if !isAlive { shutdown(socket, CInt(SHUT_RDWR)) }
    }

    /// Finishes the exchanges that libcurl has completed.
    private func collect() {
        var left: CInt = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            let code = message.pointee.data.result  // read now: the message is gone once the handle is removed
            guard let exchange = CurlExchange.of(easy) else { continue }
            let result = exchange.result(code)
            if code == CURLE_OPERATION_TIMEDOUT, let silence = exchange.transfer.request.limits.stall {
                abandonConnection(of: exchange, silentFor: silence)
            }
            exchange.detach(from: multi)
            active[ObjectIdentifier(exchange.transfer)] = nil
            exchange.transfer.finish(result)
        }
    }
}
