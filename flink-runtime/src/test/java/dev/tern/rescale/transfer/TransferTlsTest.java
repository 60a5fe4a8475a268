package dev.tern.rescale.transfer;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.NettyShuffleEnvironmentOptions;
import org.apache.flink.configuration.SecurityOptions;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Flink's internal TLS settings apply to the state transfer. */
class TransferTlsTest {

    private static final String PASSWORD = "password";

    @TempDir static Path directory;

    private static Path ours;
    private static Path foreign;

    @BeforeAll
    static void generateKeys() throws Exception {
        ours = generateKey("ours.p12");
        foreign = generateKey("foreign.p12");
    }

    private static Path generateKey(String name) throws Exception {
        Path store = directory.resolve(name);
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "tern",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=tern",
                                "-storetype",
                                "PKCS12",
                                "-storepass",
                                PASSWORD,
                                "-keystore",
                                store.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).isZero();
        return store;
    }

    private static Configuration tls(Path store) {
        Configuration conf = TwoTaskExecutors.tight(Duration.ofSeconds(30));
        conf.set(SecurityOptions.SSL_INTERNAL_ENABLED, true);
        conf.set(SecurityOptions.SSL_INTERNAL_KEYSTORE, store.toString());
        conf.set(SecurityOptions.SSL_INTERNAL_KEYSTORE_PASSWORD, PASSWORD);
        conf.set(SecurityOptions.SSL_INTERNAL_KEY_PASSWORD, PASSWORD);
        conf.set(SecurityOptions.SSL_INTERNAL_TRUSTSTORE, store.toString());
        conf.set(SecurityOptions.SSL_INTERNAL_TRUSTSTORE_PASSWORD, PASSWORD);
        conf.set(
                SecurityOptions.SSL_ALGORITHMS,
                "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,TLS_AES_128_GCM_SHA256");
        return conf;
    }

    @Test
    void unitsMoveOverTls() throws Exception {
        try (TwoTaskExecutors two = new TwoTaskExecutors(tls(ours))) {
            byte[] bytes = new byte[1_000_000];
            two.serve(unit -> out -> out.write(bytes));
            List<Integer> got = new ArrayList<>();

            FetchHandle fetch =
                    two.fetch(
                            List.of(1, 2),
                            (unit, in) -> {
                                in.skipBytesToRead(bytes.length);
                                got.add(unit);
                            });

            assertThat(TwoTaskExecutors.await(fetch).bytes()).isEqualTo(2_000_000);
            assertThat(got).containsExactly(1, 2);
        }
    }

    @Test
    void aProcessWithoutTlsIsRefused() throws Exception {
        try (TwoTaskExecutors two =
                new TwoTaskExecutors(tls(ours), TwoTaskExecutors.tight(Duration.ofSeconds(30)))) {
            two.serve(unit -> out -> {});

            assertThat(TwoTaskExecutors.failureOf(two.fetch(List.of(1), (unit, in) -> {})))
                    .hasMessageContaining("failed at unit 1");
        }
    }

    @Test
    void aServerWithoutTlsIsRefused() throws Exception {
        try (TwoTaskExecutors two =
                new TwoTaskExecutors(TwoTaskExecutors.tight(Duration.ofSeconds(30)), tls(ours))) {
            two.serve(unit -> out -> {});

            assertThat(TwoTaskExecutors.failureOf(two.fetch(List.of(1), (unit, in) -> {})))
                    .hasMessageContaining("connection lost");
        }
    }

    @Test
    void aForeignKeyIsRefused() throws Exception {
        try (TwoTaskExecutors two = new TwoTaskExecutors(tls(ours), tls(foreign))) {
            two.serve(unit -> out -> {});

            assertThat(TwoTaskExecutors.failureOf(two.fetch(List.of(1), (unit, in) -> {})))
                    .hasMessageContaining("connection lost")
                    .hasMessageContaining("SSL");
        }
    }

    @Test
    void tlsOnlyForControlConnectionsLeavesTheTransferPlain() throws Exception {
        Configuration conf = tls(ours);
        conf.set(NettyShuffleEnvironmentOptions.DATA_SSL_ENABLED, false);
        try (TwoTaskExecutors two =
                new TwoTaskExecutors(conf, TwoTaskExecutors.tight(Duration.ofSeconds(30)))) {
            two.serve(unit -> out -> {});

            FetchHandle fetch = two.fetch(List.of(1), (unit, in) -> {});

            assertThat(TwoTaskExecutors.await(fetch).units()).isEqualTo(1);
        }
    }

    @Test
    void aWrongKeystoreIsSaidWithItsOption() throws Exception {
        Configuration conf = tls(directory.resolve("absent.p12"));
        try (TransferService service =
                TransferService.acquire(
                        org.apache.flink.runtime.clusterframework.types.ResourceID.generate(),
                        conf,
                        TwoTaskExecutors.HOST)) {
            assertThatThrownBy(service::endpoint)
                    .isInstanceOf(TransferException.class)
                    .hasMessageContaining("check security.ssl.internal.*");
        }
    }
}
