package dev.tern.rescale.transfer;

import dev.tern.rescale.config.TransferOptions;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.clusterframework.types.ResourceID;
import org.apache.flink.util.InstantiationUtil;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Endpoints, and the server's life between first and last user. */
class TransferEndpointTest {

    private static final String HOST = TwoTaskExecutors.HOST;

    private final ResourceID taskExecutor = ResourceID.generate();

    private TransferService acquire(Configuration conf, String host) {
        return TransferService.acquire(taskExecutor, conf, host);
    }

    private static void connect(TransferEndpoint to) throws IOException {
        new Socket(to.host(), to.port()).close();
    }

    @Test
    void survivesSerializationAndHidesItsToken() throws Exception {
        TransferEndpoint endpoint = new TransferEndpoint("host", 50100, new byte[] {1, 2});

        assertThat(InstantiationUtil.clone(endpoint)).isEqualTo(endpoint).hasToString("host:50100");
        endpoint.token()[0] = 9;
        assertThat(endpoint.token()).containsExactly(1, 2);
    }

    @Test
    void aPortMustBeOne() {
        assertThatThrownBy(() -> new TransferEndpoint("host", 0, new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("was 0");
    }

    @Test
    void allUsersOfATaskExecutorShareAServerUntilTheLastCloses() throws Exception {
        TransferService first = acquire(new Configuration(), HOST);
        TransferService second = acquire(new Configuration(), HOST);
        TransferEndpoint endpoint = first.endpoint();
        assertThat(second.endpoint()).isEqualTo(endpoint);

        first.close();
        first.close();
        connect(endpoint);
        second.close();

        assertThat(second.awaitClosed(30, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(() -> connect(endpoint)).isInstanceOf(IOException.class);
        try (TransferService again = acquire(new Configuration(), HOST)) {
            assertThat(again.endpoint().token()).isNotEqualTo(endpoint.token());
        }
    }

    @Test
    void twoTaskExecutorsOfAJvmHaveServersOfTheirOwn() throws Exception {
        try (TransferService here = acquire(new Configuration(), HOST);
                TransferService there =
                        TransferService.acquire(ResourceID.generate(), new Configuration(), HOST)) {
            assertThat(here.endpoint().port()).isNotEqualTo(there.endpoint().port());
            assertThat(here.endpoint().token()).isNotEqualTo(there.endpoint().token());
        }
    }

    @Test
    void aUserWithdrawsOnlyWhatItServes() throws Exception {
        TransferSession session = TwoTaskExecutors.SESSION;
        UnitSource empty = unit -> CompletableFuture.completedFuture(out -> {});
        try (TransferService user = acquire(new Configuration(), HOST)) {
            user.serve(session, empty);
            TransferService other = acquire(new Configuration(), HOST);
            other.withdraw(session);
            other.close();

            FetchHandle fetch = user.fetch(user.endpoint(), session, List.of(1), (unit, in) -> {});

            assertThat(TwoTaskExecutors.await(fetch).units()).isEqualTo(1);
        }
    }

    @Test
    void aClosedUserIsRefused() {
        TransferService closed = acquire(new Configuration(), HOST);
        closed.close();

        assertThatThrownBy(closed::endpoint)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("acquire it anew");
    }

    @Test
    void theFirstFreePortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            int busy = taken.getLocalPort();
            Configuration conf =
                    new Configuration().set(TransferOptions.PORT, busy + "," + busy + ",0");
            try (TransferService service = acquire(conf, HOST)) {
                connect(service.endpoint());
            }
        }
    }

    @Test
    void noFreePortIsSaidWithTheOption() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            Configuration conf =
                    new Configuration().set(TransferOptions.PORT, "" + taken.getLocalPort());
            try (TransferService service = acquire(conf, HOST)) {
                assertThatThrownBy(service::endpoint)
                        .isInstanceOf(TransferException.class)
                        .hasMessageContaining("No port for the state transfer on 127.0.0.1")
                        .hasMessageContaining("rescale.transfer.port");
            }
        }
    }

    @Test
    void aWildcardIsNotAnnounced() throws Exception {
        Configuration conf = new Configuration().set(TaskManagerOptions.HOST, "localhost");
        try (TransferService service = acquire(conf, "0.0.0.0")) {
            assertThat(service.endpoint().host()).isEqualTo("localhost");
            connect(service.endpoint());
        }
    }

    @Test
    void theBindHostIsBoundAndTheHostAnnounced() throws Exception {
        Configuration conf = new Configuration().set(TaskManagerOptions.BIND_HOST, HOST);
        try (TransferService service = acquire(conf, "reached.invalid")) {
            TransferEndpoint announced = service.endpoint();

            assertThat(announced.host()).isEqualTo("reached.invalid");
            connect(new TransferEndpoint(HOST, announced.port(), announced.token()));
        }
    }
}
