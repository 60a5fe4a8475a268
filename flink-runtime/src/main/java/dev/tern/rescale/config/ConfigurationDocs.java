package dev.tern.rescale.config;

import org.apache.flink.configuration.description.HtmlFormatter;

import java.util.List;
import java.util.TreeMap;

/** Writes {@code docs/CONFIGURATION.md} from the options. */
final class ConfigurationDocs {

    private ConfigurationDocs() {}

    static String render() {
        StringBuilder text = new StringBuilder();
        text.append("# Configuration\n\n")
                .append("Generated from `RescaleOptions` and `TransferOptions`; edit those, not")
                .append(" this page.")
                .append(" Every option of Flink\n2.2 works as Flink documents it; here is what")
                .append(" Tern adds. A malformed value, or one out of range, is\nan error that")
                .append(" names key, value and what is expected.\n\n");
        section(
                text,
                "What a request may leave out",
                "A request is `flink rescale` or `POST /jobs/:jobid/rescales`. What it leaves out"
                        + " is taken from\n`conf/scale-conf.properties` of the client (only `flink"
                        + " rescale` reads it), then from `conf/config.yaml`\nof the JobManager.",
                RescaleOptions.REQUEST);
        strategies(text);
        section(
                text,
                "The cluster",
                "In `conf/config.yaml` of JobManager and TaskManagers.",
                RescaleOptions.CLUSTER);
        section(
                text,
                "State on its way",
                "In `conf/config.yaml` of the TaskManagers. Flink's settings of internal TLS"
                        + " (`security.ssl.internal.*`)\nhold for the transfer, too.",
                TransferOptions.ALL);
        return text.toString();
    }

    private static void strategies(StringBuilder text) {
        text.append("## Strategies of your own\n\n")
                .append("`rescale.strategies.<name>.<option>`, in either file, sets an option of a")
                .append(" built-in strategy or defines\na new one, which has a `base` or a")
                .append(" `scheduler`. [STRATEGIES.md](STRATEGIES.md) lists schedulers and their\n")
                .append("options. Keys below `rescale` that nobody knows are errors that name the")
                .append(" nearest one.\n\n")
                .append("In `conf/scale-conf.properties` these keys of earlier systems mean the")
                .append(" same:\n\n| key | means |\n|---|---|\n");
        new TreeMap<>(ScaleConf.ALIASES)
                .forEach(
                        (alias, key) ->
                                text.append(String.format("| `%s` | `%s` |%n", alias, key)));
        text.append("\n");
    }

    private static void section(
            StringBuilder text, String title, String intro, List<CheckedOption<?>> options) {
        text.append("## ").append(title).append("\n\n").append(intro).append("\n\n");
        text.append("| key | type | default | allowed | meaning |\n|---|---|---|---|---|\n");
        HtmlFormatter html = new HtmlFormatter();
        for (CheckedOption<?> option : options) {
            text.append(
                    String.format(
                            "| `%s` | %s | %s | %s | %s |%n",
                            option.key(),
                            option.type(),
                            option.defaultText(),
                            option.range(),
                            html.format(option.option().description())));
        }
        text.append("\n");
    }
}
