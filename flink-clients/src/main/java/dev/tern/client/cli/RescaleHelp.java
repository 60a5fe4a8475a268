package dev.tern.client.cli;

import org.apache.commons.cli.HelpFormatter;
import org.apache.commons.cli.Options;

import java.io.PrintStream;
import java.io.PrintWriter;

/** The help of {@code flink rescale}, in the form the other actions have. */
final class RescaleHelp {

    private static final int WIDTH = 80;

    private RescaleHelp() {}

    static void print(PrintStream out, Options genericOptions) {
        PrintWriter writer = new PrintWriter(out);
        writer.println();
        writer.println(
                "Action \"rescale\" changes the parallelism of a running job, without a restart.");
        writer.println();
        writer.println("  Syntax: rescale [OPTIONS] <Job ID>");
        writer.println("          rescale --check [OPTIONS] <jar-file> <arguments>");
        writer.println("  \"rescale\" action options:");
        options(writer, RescaleOption.all());
        writer.println("  Options to find the cluster, as for every action:");
        options(writer, genericOptions);
        writer.println("  What is left out is taken from conf/scale-conf.properties.");
        writer.println();
        writer.println("  Examples:");
        writer.println("     See what going to 4 subtasks would move:");
        writer.println("       flink rescale <Job ID> -v Counter -p 4 --dry-run");
        writer.println("     Do it and watch:");
        writer.println("       flink rescale <Job ID> -v Counter -p 4 --wait");
        writer.println("     In steps of 8 key groups, with 100 ms between them:");
        writer.println(
                "       flink rescale <Job ID> -p 4 -s megaphone --option units=8 --option pause=100ms");
        writer.println("     Restart the job if it cannot be rescaled while it runs:");
        writer.println("       flink rescale <Job ID> -v Source -p 4 --allow-restart");
        writer.println("     Which vertices can be rescaled while the job runs?");
        writer.println("       flink rescale <Job ID> --check");
        writer.println("     Which vertices of a job could be, and which lines are in the way?");
        writer.println("       flink rescale --check -p 4 MyJob.jar --input words.txt");
        writer.println("     How did the last rescale go?");
        writer.println("       flink rescale <Job ID> --status");
        writer.println("     Stop it at a consistent point:");
        writer.println("       flink rescale <Job ID> --abort");
        writer.println();
        writer.flush();
    }

    private static void options(PrintWriter writer, Options options) {
        HelpFormatter formatter = new HelpFormatter();
        formatter.printOptions(writer, WIDTH, options, 5, 3);
        writer.println();
    }
}
