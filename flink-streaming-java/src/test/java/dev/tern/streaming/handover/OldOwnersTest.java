package dev.tern.streaming.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.rescale.control.TaskCommand.OwnerAddress;
import dev.tern.rescale.control.TaskCommand.OwnerOptions;
import dev.tern.rescale.control.TaskCommand.PrepareOwner;
import dev.tern.rescale.plan.Ownership;
import dev.tern.rescale.transfer.TransferService;
import dev.tern.rescale.transfer.TransferSession;
import dev.tern.rescale.transfer.UnitBytes;

import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.clusterframework.types.ResourceID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Two TaskExecutors in one JVM; the old owner's answers are made up. */
class OldOwnersTest {

    private static final JobID JOB = new JobID();
    private static final long EPOCH = 3;
    private static final String ATTEMPT = "attempt";
    private static final String HOST = "127.0.0.1";

    private final ResourceID oldProcess = ResourceID.generate();
    private final ResourceID newProcess = ResourceID.generate();
    private TransferService serving;
    private TransferService fetching;
    private OldOwners owners;

    @BeforeEach
    void open() {
        serving = TransferService.acquire(oldProcess, new Configuration(), HOST);
        fetching = TransferService.acquire(newProcess, new Configuration(), HOST);
        Ownership one = Ownership.contiguous(8, 1);
        PrepareOwner prepare =
                new PrepareOwner(newProcess, one, one, new OwnerOptions(1 << 20, true, false, null));
        owners = new OldOwners(fetching, JOB, EPOCH, prepare, true);
    }

    @AfterEach
    void close() {
        fetching.close();
        serving.close();
    }

    @Test
    void broadcastStateComesWhole() throws Exception {
        byte[] state = new byte[3_000_000];
        state[2_999_999] = 7;
        OwnerAddress giver =
                giver(
                        out -> {
                            out.writeInt(state.length);
                            out.write(state);
                        });
        assertThat(owners.broadcast(giver).get(30, TimeUnit.SECONDS)).isEqualTo(state);
    }

    /** An array of this length cannot be made on any heap. */
    @Test
    void aFalseLengthOfBroadcastStateFailsTheFetch() throws Exception {
        OwnerAddress giver =
                giver(
                        out -> {
                            out.writeInt(Integer.MAX_VALUE);
                            out.write(new byte[100]);
                        });
        assertThatThrownBy(() -> owners.broadcast(giver).get(30, TimeUnit.SECONDS))
                .hasMessageContaining("ends after 104 bytes");
    }

    @Test
    void bytesBehindBroadcastStateFailTheFetch() throws Exception {
        OwnerAddress giver =
                giver(
                        out -> {
                            out.writeInt(2);
                            out.write(new byte[3]);
                        });
        assertThatThrownBy(() -> owners.broadcast(giver).get(30, TimeUnit.SECONDS))
                .hasMessageContaining("must read exactly what was written");
    }

    @Test
    void aGreetingIsAnsweredOrFails() throws Exception {
        OwnerAddress giver = giver(out -> {});
        assertThat(owners.greet(List.of(giver)).thenApply(all -> "answered"))
                .succeedsWithin(30, TimeUnit.SECONDS)
                .isEqualTo("answered");
        OwnerAddress stranger = new OwnerAddress(oldProcess, "another", giver.endpoint());
        assertThat(owners.greet(List.of(giver, stranger))).failsWithin(30, TimeUnit.SECONDS);
    }

    private OwnerAddress giver(UnitBytes answer) throws Exception {
        serving.serve(
                new TransferSession(JOB, ATTEMPT, EPOCH),
                unit -> CompletableFuture.completedFuture(answer));
        return new OwnerAddress(oldProcess, ATTEMPT, serving.endpoint());
    }
}
