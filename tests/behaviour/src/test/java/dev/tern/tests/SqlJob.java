package dev.tern.tests;

import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Map;

/**
 * A query over two tables, L and R, whose content is a function of the record's number.
 *
 * <p>Columns: k a key, all of whose rows come from one subtask of the source and in one order; id,
 * unique in both tables; v, a number; ts, event time in milliseconds, out of order by less than the
 * watermark allows. GAPS is L without some times.
 */
final class SqlJob {

    static final long RECORDS = 60_000;
    private static final double RATE = 4_000;
    private static final int KEYS = 61;
    private static final int PARALLELISM = 2;

    private static final Logger LOG = LoggerFactory.getLogger(SqlJob.class);

    private SqlJob() {}

    static JobGraph graph(
            Configuration base, String run, String query, Map<String, String> settings) {
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(base);
        env.setParallelism(PARALLELISM);
        env.setMaxParallelism(64);
        env.getConfig().setAutoWatermarkInterval(5);
        StreamTableEnvironment tables = StreamTableEnvironment.create(env);
        settings.forEach(tables.getConfig()::set);
        tables.createTemporaryView("L", source(env, run, "L"), schema());
        tables.createTemporaryView("R", source(env, run, "R"), schema());
        tables.createTemporaryView(
                "GAPS", tables.sqlQuery("SELECT * FROM L WHERE MOD(id / 61, 9) < 6"));
        Table result = tables.sqlQuery(query);
        LOG.info("{}: {}", run, result.explain());
        tables.toChangelogStream(result)
                .rebalance()
                .process(new Changelog.Writer(run))
                .setParallelism(1)
                .sinkTo(new DiscardingSink<>())
                .setParallelism(1);
        return env.getStreamGraph().getJobGraph();
    }

    private static Schema schema() {
        return Schema.newBuilder()
                .columnByExpression("ts", "TO_TIMESTAMP_LTZ(t, 3)")
                .watermark("ts", "ts - INTERVAL '0.064' SECOND")
                .build();
    }

    private static DataStream<Row> source(
            StreamExecutionEnvironment env, String run, String table) {
        TypeInformation<Row> type =
                Types.ROW_NAMED(
                        new String[] {"k", "id", "v", "t"},
                        Types.LONG,
                        Types.LONG,
                        Types.LONG,
                        Types.LONG);
        return env.fromSource(
                        Pace.source(run, id -> row(run, table, id), RECORDS, RATE, type),
                        WatermarkStrategy.noWatermarks(),
                        "SOURCE " + table)
                .returns(type);
    }

    private static Row row(String run, String table, long id) {
        Observations.of(run).record();
        long half = id / (RECORDS / 2);
        long offset = id % (RECORDS / 2);
        long salt = table.equals("L") ? 31 : 7;
        return Row.of(
                offset % KEYS * 2 + half,
                id,
                Math.floorMod(offset * 7_919 + salt, 1_009L),
                (offset ^ 31) + (table.equals("L") ? 0 : 5));
    }
}
