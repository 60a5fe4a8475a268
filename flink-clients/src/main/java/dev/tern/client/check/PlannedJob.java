package dev.tern.client.check;

import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.streaming.api.graph.StreamGraph;

import java.util.Map;

/**
 * The job of a program that was not submitted.
 *
 * @param graph as it would be submitted
 * @param sites the line of the program for each number of a node in the stream graph, as far as it
 *     is known
 */
record PlannedJob(JobGraph graph, Map<Integer, CallSite> sites) {

    static PlannedJob of(RecordingEnvironment environment, StreamGraph job, ClassLoader userCode) {
        Map<Integer, CallSite> sites = environment.sites().byNode(job);
        return new PlannedJob(job.getJobGraph(userCode, null), sites);
    }
}
