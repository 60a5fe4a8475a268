package dev.tern.rescale.transfer;

import org.apache.flink.util.NetUtils;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;

/**
 * Where a process serves what leaves it. Sent by value from the old owner to the new one.
 *
 * @param host name or address under which other TaskExecutors reach the server
 * @param port TCP port, 1 to 65535
 * @param token secret of the serving process; a fetch that does not present it is refused
 */
public record TransferEndpoint(String host, int port, byte[] token) implements Serializable {

    private static final long serialVersionUID = 1L;

    public TransferEndpoint {
        Objects.requireNonNull(host, "host");
        if (!NetUtils.isValidHostPort(port) || port == 0) {
            throw new IllegalArgumentException(
                    "Port of a transfer endpoint must be 1 to 65535, but was " + port);
        }
        token = token.clone();
    }

    @Override
    public byte[] token() {
        return token.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TransferEndpoint that
                && port == that.port
                && host.equals(that.host)
                && Arrays.equals(token, that.token);
    }

    @Override
    public int hashCode() {
        return Objects.hash(host, port, Arrays.hashCode(token));
    }

    /** Host and port only: the token must not reach a log. */
    @Override
    public String toString() {
        return NetUtils.unresolvedHostAndPortToNormalizedString(host, port);
    }
}
