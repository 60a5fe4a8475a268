package dev.tern.rescale.transfer;

import dev.tern.rescale.config.TransferOptions;

import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import static dev.tern.rescale.transfer.TwoTaskExecutors.SESSION;
import static dev.tern.rescale.transfer.TwoTaskExecutors.WAIT_SECONDS;
import static dev.tern.rescale.transfer.TwoTaskExecutors.await;
import static dev.tern.rescale.transfer.TwoTaskExecutors.tight;
import static org.assertj.core.api.Assertions.assertThat;

/** Transfers that succeed. */
class TransferServiceTest {

    private static final UnitSink NO_BYTES = (unit, in) -> {};

    private TwoTaskExecutors two = new TwoTaskExecutors();

    @AfterEach
    void closeBoth() throws Exception {
        two.close();
    }

    private void restartWith(TwoTaskExecutors other) throws Exception {
        two.close();
        two = other;
    }

    @Test
    void unitsArriveInTheOrderRequestedAndAreCounted() throws Exception {
        two.serve(unit -> out -> out.writeUTF("unit " + unit));
        List<Integer> wanted = List.of(-1, 12, 3, 0, 127);
        List<String> got = new ArrayList<>();

        FetchStats stats = await(two.fetch(wanted, (unit, in) -> got.add(in.readUTF())));

        assertThat(got).containsExactly("unit -1", "unit 12", "unit 3", "unit 0", "unit 127");
        assertThat(stats.units()).isEqualTo(5);
        assertThat(stats.bytes()).isEqualTo(5 * 2 + 7 + 7 + 6 + 6 + 8);
        assertThat(stats.durationNanos()).isPositive();
    }

    @Test
    void anEmptyUnitIsReceivedToo() throws Exception {
        two.serve(unit -> out -> {});
        List<Integer> got = new ArrayList<>();

        FetchStats stats = await(two.fetch(List.of(4, 5), (unit, in) -> got.add(unit)));

        assertThat(got).containsExactly(4, 5);
        assertThat(stats.bytes()).isZero();
    }

    @Test
    void aUnitOf100MegabytesArrivesWhole() throws Exception {
        int longs = 100 * 1000 * 1000 / Long.BYTES;
        two.serve(
                unit ->
                        out -> {
                            for (int i = 0; i < longs; i++) {
                                out.writeLong(i * 0x9e3779b97f4a7c15L);
                            }
                        });

        FetchStats stats =
                await(
                        two.fetch(
                                List.of(1),
                                (unit, in) -> {
                                    for (int i = 0; i < longs; i++) {
                                        if (in.readLong() != i * 0x9e3779b97f4a7c15L) {
                                            throw new IOException("wrong long at " + i);
                                        }
                                    }
                                }));

        assertThat(stats.bytes()).isEqualTo(100_000_000);
    }

    @Test
    void oneValueMayBeBiggerThanManyChunks() throws Exception {
        byte[] value = new byte[3_000_001];
        value[0] = 1;
        value[value.length - 1] = 2;
        two.serve(unit -> out -> out.write(value));
        byte[] got = new byte[value.length];

        await(two.fetch(List.of(1), (unit, in) -> in.readFully(got)));

        assertThat(got).isEqualTo(value);
    }

    @Test
    void manySmallUnitsArriveInOrder() throws Exception {
        two.serve(unit -> out -> out.writeInt(unit));
        List<Integer> wanted = IntStream.range(0, 20_000).boxed().toList();
        List<Integer> got = new ArrayList<>();

        FetchStats stats = await(two.fetch(wanted, (unit, in) -> got.add(in.readInt())));

        assertThat(got).isEqualTo(wanted);
        assertThat(stats.bytes()).isEqualTo(80_000);
    }

    @Test
    void aSlowSinkStopsTheWriterAtTheCreditWindow() throws Exception {
        restartWith(new TwoTaskExecutors(tight(Duration.ofSeconds(30))));
        int record = 1000;
        int records = 5000;
        long payload = 4096 - FrameHeader.BYTES;
        // Four credits, one of them perhaps in the sink's hand, and the chunk being filled.
        long bound = 5 * payload + record;
        AtomicLong written = new AtomicLong();
        AtomicLong most = new AtomicLong();
        AtomicLong mostBuffers = new AtomicLong();
        CountDownLatch windowFull = new CountDownLatch(1);
        two.serve(
                unit ->
                        out -> {
                            for (int i = 0; i < records; i++) {
                                out.write(new byte[record]);
                                if (written.addAndGet(record) > 4 * payload) {
                                    windowFull.countDown();
                                }
                            }
                        });

        await(
                two.fetch(
                        List.of(1),
                        (unit, in) -> {
                            awaitUninterrupted(windowFull);
                            for (long read = 0; read < records; read++) {
                                long outstanding = written.get() - read * record;
                                most.accumulateAndGet(outstanding, Math::max);
                                mostBuffers.accumulateAndGet(
                                        two.newOwner.buffersInUse(), Math::max);
                                in.skipBytesToRead(record);
                            }
                        }));

        assertThat(most.get()).isBetween(4 * payload, bound);
        // Four chunks, one being read from the socket, that read, and credit on its way back.
        assertThat(mostBuffers.get()).isBetween(4L, 10L);
    }

    @Test
    void aUnitMayBeRequestedBeforeItHasLeft() throws Exception {
        Map<Integer, CompletableFuture<UnitBytes>> leaving = new ConcurrentHashMap<>();
        CountDownLatch asked = new CountDownLatch(3);
        two.oldOwner.serve(
                SESSION,
                unit -> {
                    CompletableFuture<UnitBytes> future = new CompletableFuture<>();
                    leaving.put(unit, future);
                    asked.countDown();
                    return future;
                });
        List<Integer> got = new ArrayList<>();

        FetchHandle fetch = two.fetch(List.of(8, 6, 7), (unit, in) -> got.add(in.readInt()));
        awaitUninterrupted(asked);
        for (int unit : List.of(7, 8, 6)) {
            assertThat(fetch.done()).isNotDone();
            leaving.get(unit).complete(out -> out.writeInt(unit));
        }

        await(fetch);
        assertThat(got).containsExactly(8, 6, 7);
    }

    @Test
    void waitingForAUnitToLeaveIsNoSilence() throws Exception {
        // Signs of life come four times as often as the timeout needs them; a second leaves room for
        // a busy machine.
        restartWith(new TwoTaskExecutors(tight(Duration.ofSeconds(1))));
        CompletableFuture<UnitBytes> late = new CompletableFuture<>();
        two.oldOwner.serve(SESSION, unit -> late);

        FetchHandle fetch = two.fetch(List.of(1), NO_BYTES);
        late.completeOnTimeout(out -> {}, 2_500, TimeUnit.MILLISECONDS);

        assertThat(await(fetch).units()).isEqualTo(1);
    }

    @Test
    void aFetchThatWaitsForItsUnitHoldsNoThread() throws Exception {
        restartWith(
                new TwoTaskExecutors(
                        tight(Duration.ofSeconds(30)).set(TransferOptions.THREADS, 1)));
        CompletableFuture<UnitBytes> late = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(1);
        two.oldOwner.serve(
                SESSION,
                unit -> {
                    asked.countDown();
                    return unit == 1 ? late : CompletableFuture.completedFuture(out -> {});
                });

        FetchHandle waiting = two.fetch(List.of(1), NO_BYTES);
        awaitUninterrupted(asked);
        assertThat(await(two.fetch(List.of(2), NO_BYTES)).units()).isEqualTo(1);
        late.complete(out -> {});

        assertThat(await(waiting).units()).isEqualTo(1);
    }

    @Test
    void writersWithoutCreditDoNotHoldUpOthers() throws Exception {
        restartWith(new TwoTaskExecutors(tight(Duration.ofSeconds(30))));
        int blocked = 20;
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch stuck = new CountDownLatch(blocked);
        two.serve(unit -> out -> out.write(new byte[100_000]));
        UnitSink slow =
                (unit, in) -> {
                    stuck.countDown();
                    awaitUninterrupted(release);
                    in.skipBytesToRead(100_000);
                };
        List<FetchHandle> slowOnes = new ArrayList<>();
        for (int i = 0; i < blocked; i++) {
            slowOnes.add(two.fetch(List.of(i), slow));
        }
        awaitUninterrupted(stuck);

        FetchStats stats = await(two.fetch(List.of(99), (unit, in) -> in.skipBytesToRead(100_000)));

        assertThat(stats.bytes()).isEqualTo(100_000);
        assertThat(slowOnes).noneMatch(fetch -> fetch.done().isDone());
        release.countDown();
        for (FetchHandle fetch : slowOnes) {
            await(fetch);
        }
    }

    @Test
    void bothDirectionsAndSeveralFetchesRunAtOnce() throws Exception {
        UnitSource source = unit -> CompletableFuture.completedFuture(TransferServiceTest::fill);
        two.serve(unit -> TransferServiceTest::fill);
        two.newOwner.serve(SESSION, source);
        List<FetchHandle> fetches = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            List<Integer> wanted = List.of(i, i + 10, i + 20);
            fetches.add(two.fetch(wanted, TransferServiceTest::drain));
            fetches.add(
                    two.oldOwner.fetch(
                            two.newOwner.endpoint(), SESSION, wanted, TransferServiceTest::drain));
        }

        for (FetchHandle fetch : fetches) {
            assertThat(await(fetch).bytes()).isEqualTo(3 * 400_000);
        }
    }

    @Test
    void aProcessMayFetchFromItself() throws Exception {
        two.serve(unit -> TransferServiceTest::fill);

        FetchHandle fetch =
                two.oldOwner.fetch(
                        two.oldOwner.endpoint(), SESSION, List.of(1), TransferServiceTest::drain);

        assertThat(await(fetch).bytes()).isEqualTo(400_000);
    }

    @Test
    void smallerChunksOfTheNewOwnerAreRespected() throws Exception {
        restartWith(new TwoTaskExecutors(new Configuration(), tight(Duration.ofSeconds(30))));
        two.serve(unit -> TransferServiceTest::fill);

        FetchHandle fetch = two.fetch(List.of(1), TransferServiceTest::drain);

        assertThat(await(fetch).bytes()).isEqualTo(400_000);
    }

    @Test
    void sourceAndSinkRunInTheirCallersClassLoaders() throws Exception {
        ClassLoader ofOwner = new ClassLoader(null) {};
        ClassLoader ofFetch = new ClassLoader(null) {};
        List<ClassLoader> seen = new ArrayList<>();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        FetchHandle fetch;
        try {
            thread.setContextClassLoader(ofOwner);
            two.serve(
                    unit ->
                            out -> {
                                seen.add(Thread.currentThread().getContextClassLoader());
                                out.writeInt(unit);
                            });
            thread.setContextClassLoader(ofFetch);
            fetch =
                    two.fetch(
                            List.of(1),
                            (unit, in) -> {
                                in.readInt();
                                seen.add(Thread.currentThread().getContextClassLoader());
                            });
        } finally {
            thread.setContextClassLoader(before);
        }

        await(fetch);
        assertThat(seen).containsExactly(ofOwner, ofFetch);
    }

    private static void fill(DataOutputView out) throws IOException {
        for (int i = 0; i < 100_000; i++) {
            out.writeInt(i);
        }
    }

    private static void drain(int unit, DataInputView in) throws IOException {
        for (int i = 0; i < 100_000; i++) {
            if (in.readInt() != i) {
                throw new IOException("wrong int at " + i);
            }
        }
    }

    static void awaitUninterrupted(CountDownLatch latch) {
        try {
            assertThat(latch.await(WAIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
