package dev.tern.rescale.transfer;

import dev.tern.rescale.config.TransferOptions;

import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import static dev.tern.rescale.transfer.TransferServiceTest.awaitUninterrupted;
import static dev.tern.rescale.transfer.TwoTaskExecutors.SESSION;
import static dev.tern.rescale.transfer.TwoTaskExecutors.WAIT_SECONDS;
import static dev.tern.rescale.transfer.TwoTaskExecutors.failureOf;
import static dev.tern.rescale.transfer.TwoTaskExecutors.tight;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Transfers that fail: once, with a sentence, and nothing is left behind. */
class TransferFailureTest {

    private static final int UNIT_BYTES = 100_000;
    private static final UnitBytes ZEROS = out -> out.write(new byte[UNIT_BYTES]);
    private static final UnitSink SKIP = (unit, in) -> in.skipBytesToRead(UNIT_BYTES);

    private TwoTaskExecutors two = new TwoTaskExecutors(tight(Duration.ofSeconds(30)));

    @AfterEach
    void closeBoth() throws Exception {
        two.close();
    }

    private void timeoutAfter(Duration timeout) throws Exception {
        two.close();
        two = new TwoTaskExecutors(tight(timeout));
    }

    /** Full-size chunks, so that the sockets are full before the credit is used up. */
    private void timeoutAfter(Duration timeout, int credits) throws Exception {
        Configuration conf = new Configuration();
        conf.set(TransferOptions.TIMEOUT, timeout);
        conf.set(TransferOptions.CREDITS, credits);
        two.close();
        two = new TwoTaskExecutors(conf);
    }

    @Test
    void aWrongTokenIsRefused() throws Exception {
        two.serve(unit -> ZEROS);
        TransferEndpoint right = two.oldOwner.endpoint();
        TransferEndpoint wrong = new TransferEndpoint(right.host(), right.port(), new byte[32]);

        FetchHandle fetch = two.newOwner.fetch(wrong, SESSION, List.of(1), SKIP);

        assertThat(failureOf(fetch))
                .hasMessageContaining("wrong token")
                .hasMessageContaining(SESSION.toString())
                .hasMessageContaining(right.toString());
    }

    @Test
    void anUnknownSessionIsRefused() throws Exception {
        two.serve(unit -> ZEROS);
        TransferSession other = new TransferSession(new JobID(), "attempt-1", 7);

        FetchHandle fetch = two.newOwner.fetch(two.oldOwner.endpoint(), other, List.of(1), SKIP);

        assertThat(failureOf(fetch)).hasMessageContaining("no units of " + other);
    }

    @Test
    void aStaleEpochIsRefused() throws Exception {
        two.serve(unit -> ZEROS);
        TransferSession stale = new TransferSession(SESSION.job(), SESSION.owner(), 6);

        FetchHandle fetch = two.newOwner.fetch(two.oldOwner.endpoint(), stale, List.of(1), SKIP);

        assertThat(failureOf(fetch))
                .hasMessageContaining("stale epoch 6: this owner serves epoch 7");
    }

    @Test
    void aWithdrawnSessionIsRefused() throws Exception {
        two.serve(unit -> ZEROS);
        two.oldOwner.withdraw(SESSION);

        assertThat(failureOf(two.fetch(List.of(1), SKIP))).hasMessageContaining("withdrawn");
    }

    @Test
    void withdrawingFailsAFetchThatWaitsForItsUnit() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        two.oldOwner.serve(
                SESSION,
                unit -> {
                    asked.countDown();
                    return new CompletableFuture<>();
                });
        FetchHandle fetch = two.fetch(List.of(1), SKIP);
        awaitUninterrupted(asked);

        two.oldOwner.withdraw(SESSION).get(WAIT_SECONDS, TimeUnit.SECONDS);

        assertThat(failureOf(fetch))
                .hasMessageContaining("the old owner has withdrawn the session")
                .hasMessageContaining("failed at unit 1, after 0 units");
    }

    @Test
    void withdrawingEndsAWriterInTheMiddleOfItsUnitAndWaitsForIt() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch mayLeave = new CountDownLatch(1);
        List<String> writerSaw = new ArrayList<>();
        two.serve(
                unit ->
                        out -> {
                            try {
                                blocked.countDown();
                                ZEROS.writeTo(out);
                            } catch (IOException e) {
                                writerSaw.add(e.getMessage());
                                awaitUninterrupted(mayLeave);
                                throw e;
                            }
                        });
        CountDownLatch read = new CountDownLatch(1);
        FetchHandle fetch =
                two.fetch(
                        List.of(1),
                        (unit, in) -> {
                            awaitUninterrupted(read);
                            SKIP.receive(unit, in);
                        });
        awaitUninterrupted(blocked);

        CompletableFuture<Void> withdrawn = two.oldOwner.withdraw(SESSION);

        assertThat(withdrawn).isNotDone();
        mayLeave.countDown();
        withdrawn.get(WAIT_SECONDS, TimeUnit.SECONDS);
        assertThat(writerSaw).containsExactly("the old owner has withdrawn the session");
        read.countDown();
        assertThat(failureOf(fetch)).hasMessageContaining("withdrawn the session");
    }

    @Test
    void aSourceThatFailsFailsTheFetch() throws Exception {
        two.oldOwner.serve(
                SESSION, unit -> CompletableFuture.failedFuture(new IOException("not mine")));

        assertThat(failureOf(two.fetch(List.of(3), SKIP)))
                .hasMessageContaining("unit 3 could not be written")
                .hasMessageContaining("not mine");
    }

    @Test
    void aSourceThatThrowsFailsTheFetch() throws Exception {
        two.oldOwner.serve(
                SESSION,
                unit -> {
                    throw new IllegalStateException("no such unit");
                });

        assertThat(failureOf(two.fetch(List.of(3), SKIP))).hasMessageContaining("no such unit");
    }

    @Test
    void aUnitThatFailsHalfwayFailsTheFetch() throws Exception {
        two.serve(
                unit ->
                        out -> {
                            out.write(new byte[UNIT_BYTES / 2]);
                            if (unit == 2) {
                                throw new IOException("disk is gone");
                            }
                            out.write(new byte[UNIT_BYTES / 2]);
                        });

        assertThat(failureOf(two.fetch(List.of(1, 2, 3), SKIP)))
                .hasMessageContaining("failed at unit 2, after 1 units of 100000 bytes")
                .hasMessageContaining("unit 2 could not be written")
                .hasMessageContaining("disk is gone");
    }

    @Test
    void aSinkThatFailsFailsTheFetchWithItsException() throws Exception {
        two.serve(unit -> ZEROS);
        IOException cause = new IOException("no room");

        FetchHandle fetch =
                two.fetch(
                        List.of(1, 2),
                        (unit, in) -> {
                            in.readInt();
                            throw cause;
                        });

        assertThat(failureOf(fetch)).hasMessageContaining("no room").hasCause(cause);
    }

    @Test
    void aSinkMustReadAll() throws Exception {
        two.serve(unit -> ZEROS);

        FetchHandle fetch = two.fetch(List.of(1), (unit, in) -> in.skipBytesToRead(5000));

        assertThat(failureOf(fetch))
                .hasMessageContaining("the sink read 5000 bytes and left at least");
    }

    @Test
    void aSinkMustNotReadOn() throws Exception {
        two.serve(unit -> ZEROS);

        FetchHandle fetch =
                two.fetch(
                        List.of(1, 2),
                        (unit, in) -> {
                            in.skipBytesToRead(UNIT_BYTES);
                            in.readByte();
                        });

        assertThat(failureOf(fetch))
                .hasMessageContaining("The unit ends after 100000 bytes")
                .hasCauseInstanceOf(EOFException.class);
    }

    @Test
    void cancelEndsAFetchThatWaits() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        two.oldOwner.serve(
                SESSION,
                unit -> {
                    asked.countDown();
                    return new CompletableFuture<>();
                });
        FetchHandle fetch = two.fetch(List.of(1), SKIP);
        awaitUninterrupted(asked);

        fetch.cancel();
        fetch.cancel();

        assertThat(failureOf(fetch)).hasMessageContaining("cancelled by the new owner");
    }

    @Test
    void cancelWakesASinkThatReadsAndCompletesWhenItHasLeft() throws Exception {
        two.serve(
                unit ->
                        out -> {
                            while (true) {
                                out.writeInt(0);
                            }
                        });
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch mayLeave = new CountDownLatch(1);
        CountDownLatch woken = new CountDownLatch(1);
        FetchHandle fetch =
                two.fetch(
                        List.of(1),
                        (unit, in) -> {
                            reading.countDown();
                            try {
                                while (true) {
                                    in.readInt();
                                }
                            } finally {
                                woken.countDown();
                                awaitUninterrupted(mayLeave);
                            }
                        });
        awaitUninterrupted(reading);

        fetch.cancel();

        awaitUninterrupted(woken);
        assertThat(fetch.done()).isNotDone();
        mayLeave.countDown();
        assertThat(failureOf(fetch)).hasMessageContaining("cancelled by the new owner");
    }

    @Test
    void closingTheNewOwnerCancelsItsFetches() throws Exception {
        two.oldOwner.serve(SESSION, unit -> new CompletableFuture<>());
        FetchHandle fetch = two.fetch(List.of(1), SKIP);

        two.newOwner.close();

        assertThat(failureOf(fetch)).hasMessageContaining("cancelled by the new owner");
    }

    @Test
    void closingTheOldOwnerFailsFetchesFromIt() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        two.oldOwner.serve(
                SESSION,
                unit -> {
                    asked.countDown();
                    return new CompletableFuture<>();
                });
        FetchHandle fetch = two.fetch(List.of(1), SKIP);
        awaitUninterrupted(asked);

        two.oldOwner.close();

        assertThat(failureOf(fetch)).hasMessageContaining("failed at unit 1, after 0 units");
    }

    @Test
    void aKilledConnectionFailsTheFetch() throws Exception {
        two.serve(unit -> ZEROS);
        try (Proxy proxy = Proxy.killing(two.oldOwner.endpoint(), 150_000)) {
            FetchHandle fetch =
                    two.newOwner.fetch(proxy.endpoint(), SESSION, List.of(1, 2, 3), SKIP);

            assertThat(failureOf(fetch))
                    .hasMessageContaining("failed at unit 2, after 1 units of 100000 bytes")
                    .hasMessageContaining("connection lost");
        }
    }

    @Test
    void damagedBytesFailTheFetch() throws Exception {
        two.serve(unit -> ZEROS);
        try (Proxy proxy = Proxy.flipping(two.oldOwner.endpoint(), 150_000)) {
            FetchHandle fetch =
                    two.newOwner.fetch(proxy.endpoint(), SESSION, List.of(1, 2, 3), SKIP);

            assertThat(failureOf(fetch))
                    .hasMessageContaining("failed at unit 2, after 1 units of 100000 bytes")
                    .hasMessageContaining("bytes were damaged on the way");
        }
    }

    @Test
    void aNewOwnerThatDiesFreesTheWriter() throws Exception {
        CompletableFuture<IOException> writerSaw = new CompletableFuture<>();
        CountDownLatch writing = new CountDownLatch(1);
        two.serve(
                unit ->
                        out -> {
                            try {
                                writing.countDown();
                                ZEROS.writeTo(out);
                            } catch (IOException e) {
                                writerSaw.complete(e);
                                throw e;
                            }
                        });
        try (RawClient client = new RawClient(two.oldOwner.endpoint())) {
            client.hello(two.oldOwner.endpoint().token(), SESSION, 4096, 2);
            client.request(1);
            awaitUninterrupted(writing);
            client.reset();
        }

        assertThat(writerSaw.get(WAIT_SECONDS, TimeUnit.SECONDS))
                .hasMessageContaining("connection lost");
    }

    @Test
    void aSinkThatReadsNothingForTooLongLosesItsWriter() throws Exception {
        timeoutAfter(Duration.ofMillis(200));
        CompletableFuture<String> writerSaw = new CompletableFuture<>();
        two.serve(
                unit ->
                        out -> {
                            try {
                                ZEROS.writeTo(out);
                            } catch (IOException e) {
                                writerSaw.complete(e.getMessage());
                                throw e;
                            }
                        });
        CountDownLatch read = new CountDownLatch(1);
        FetchHandle fetch = two.fetch(List.of(1), (unit, in) -> awaitUninterrupted(read));

        assertThat(writerSaw.get(WAIT_SECONDS, TimeUnit.SECONDS))
                .contains("the new owner has read nothing for 200 ms")
                .contains("with 4 of 4 chunks under way");
        read.countDown();
        assertThat(failureOf(fetch)).hasMessageContaining("Fetching 1 units of " + SESSION);
    }

    @Test
    void aNetworkThatTakesNothingCostsFourChunksOfMemory() throws Exception {
        timeoutAfter(Duration.ofMillis(200), 1024);
        AtomicLong most = new AtomicLong();
        CompletableFuture<String> writerSaw = new CompletableFuture<>();
        two.serve(
                unit ->
                        out -> {
                            try {
                                while (true) {
                                    out.write(new byte[1000]);
                                    long inUse = two.oldOwner.buffersInUse();
                                    most.accumulateAndGet(inUse, Math::max);
                                }
                            } catch (IOException e) {
                                writerSaw.complete(e.getMessage());
                                throw e;
                            }
                        });
        try (RawClient deaf = new RawClient(two.oldOwner.endpoint())) {
            deaf.hello(two.oldOwner.endpoint().token(), SESSION, 1 << 20, 1024);
            deaf.request(1);

            assertThat(writerSaw.get(WAIT_SECONDS, TimeUnit.SECONDS))
                    .contains("the network has taken nothing for 200 ms");
        }
        // One being filled, two unsent and one more on top; and what the client had sent.
        assertThat(most.get()).isBetween(3L, 5L);
    }

    @Test
    void aSilentOldOwnerIsGivenUp() throws Exception {
        timeoutAfter(Duration.ofMillis(200));
        try (ServerSocket silent =
                new ServerSocket(0, 1, InetAddress.getByName(TwoTaskExecutors.HOST))) {
            TransferEndpoint endpoint =
                    new TransferEndpoint(TwoTaskExecutors.HOST, silent.getLocalPort(), new byte[0]);
            FetchHandle fetch = two.newOwner.fetch(endpoint, SESSION, List.of(1), SKIP);
            try (Socket ignored = silent.accept()) {
                assertThat(failureOf(fetch))
                        .hasMessageContaining("nothing was heard from the old owner's process");
            }
        }
    }

    @Test
    void nobodyThereFailsTheFetch() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        TransferEndpoint nobody = new TransferEndpoint(TwoTaskExecutors.HOST, port, new byte[0]);

        assertThat(failureOf(two.newOwner.fetch(nobody, SESSION, List.of(1), SKIP)))
                .hasMessageContaining("Connection refused")
                .hasMessageContaining(nobody.toString());
    }

    @Test
    void aSilentStrangerIsClosed() throws Exception {
        timeoutAfter(Duration.ofMillis(200));
        try (RawClient stranger = new RawClient(two.oldOwner.endpoint())) {
            assertThat(stranger.error()).contains("no request within rescale.transfer.timeout");
        }
    }

    @Test
    void aStrangerMayNotAskForBigBuffers() throws Exception {
        try (RawClient stranger = new RawClient(two.oldOwner.endpoint())) {
            stranger.request(new int[10_000]);

            assertThat(stranger.error()).contains("REQUEST is not expected from this side");
        }
    }

    @Test
    void anotherProtocolIsRefused() throws Exception {
        try (RawClient stranger = new RawClient(two.oldOwner.endpoint())) {
            stranger.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());

            assertThat(stranger.error()).contains("is another service on this port");
        }
    }

    @Test
    void aSecondRequestIsRefused() throws Exception {
        two.oldOwner.serve(SESSION, unit -> new CompletableFuture<>());
        try (RawClient client = new RawClient(two.oldOwner.endpoint())) {
            client.hello(two.oldOwner.endpoint().token(), SESSION, 4096, 4);
            client.request(1);
            client.request(2);

            assertThat(client.error()).contains("REQUEST of 1 units while SERVING");
        }
    }

    @Test
    void creditThatWasNotTakenIsRefused() throws Exception {
        two.oldOwner.serve(SESSION, unit -> new CompletableFuture<>());
        try (RawClient client = new RawClient(two.oldOwner.endpoint())) {
            client.hello(two.oldOwner.endpoint().token(), SESSION, 4096, 4);
            client.request(1);
            client.send(FrameType.CREDIT, new byte[] {0, 0, 1, 0});

            assertThat(client.error()).contains("CREDIT returns 256 chunks, but 0 are under way");
        }
    }

    @Test
    void aFetchOfNothingIsRefused() throws Exception {
        two.serve(unit -> ZEROS);

        assertThatThrownBy(() -> two.fetch(List.of(), SKIP))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1 to 262144 units, but 0");
    }
}
