package dev.tern.rescale.transfer;

import org.apache.flink.api.common.JobID;

import java.io.Serializable;
import java.util.Objects;

/**
 * One departure: the units that one attempt of one task gives away in one epoch.
 *
 * @param job the job
 * @param owner execution attempt id of the old owner, so that a dead attempt is never mistaken for
 *     its successor
 * @param epoch ownership epoch under which the units leave
 */
public record TransferSession(JobID job, String owner, long epoch) implements Serializable {

    private static final long serialVersionUID = 1L;

    public TransferSession {
        Objects.requireNonNull(job, "job");
        Objects.requireNonNull(owner, "owner");
    }

    @Override
    public String toString() {
        return "job " + job + ", owner " + owner + ", epoch " + epoch;
    }
}
