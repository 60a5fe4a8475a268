package dev.tern.examples.parameters;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ParametersTest {

    private static final Parameters.Declaration DECLARATION =
            Parameters.of("Job", "does things.")
                    .text("topic", "test", "What to read.")
                    .text("output", null, "Where to write.")
                    .whole("count", 3, 1, "How many.")
                    .whole("seed", 1, Long.MIN_VALUE, "Which ones.")
                    .decimal("rate", 2.5, 0.5, "How fast.")
                    .flag("loud", false, "Whether to tell.");

    private static Parameters parse(String... args) {
        return DECLARATION.parse(args);
    }

    @Test
    void defaultsHoldWhereNothingIsGiven() {
        Parameters parameters = parse();
        assertThat(parameters.text("topic")).isEqualTo("test");
        assertThat(parameters.text("output")).isNull();
        assertThat(parameters.whole("count")).isEqualTo(3);
        assertThat(parameters.decimal("rate")).isEqualTo(2.5);
        assertThat(parameters.flag("loud")).isFalse();
        assertThat(parameters.isGiven("topic")).isFalse();
    }

    @Test
    void valuesComeWithOneDashOrTwo() {
        Parameters parameters =
                parse("-topic", "-x-", "--count", "1", "--seed", "-9", "--rate", "0.5");
        assertThat(parameters.text("topic")).isEqualTo("-x-");
        assertThat(parameters.isGiven("topic")).isTrue();
        assertThat(parameters.count("count")).isEqualTo(1);
        assertThat(parameters.whole("seed")).isEqualTo(-9);
        assertThat(parameters.decimal("rate")).isEqualTo(0.5);
    }

    @Test
    void flagStandsAloneOrWithAValue() {
        assertThat(parse("--loud").flag("loud")).isTrue();
        assertThat(parse("--loud", "--count", "2").flag("loud")).isTrue();
        assertThat(parse("--loud", "false", "--count", "2").flag("loud")).isFalse();
    }

    @Test
    void refusesUnknownAndMalformedParametersInOneSentence() {
        assertRefused(
                "The parameter '--cuonts' is unknown; did you mean --count? --help lists those of"
                        + " Job.",
                "--cuonts",
                "2");
        assertRefused("The parameter '--x' is unknown; --help lists those of Job.", "--x", "2");
        assertRefused("The parameter 'count' is unknown; did you mean --count? --help lists those of Job.", "count", "2");
        assertRefused("The parameter --topic needs a value.", "--topic");
        assertRefused(
                "The parameter --count must be a whole number from 1, got '0'.", "--count", "0");
        assertRefused(
                "The parameter --count must be a whole number from 1, got '1.5'.",
                "--count",
                "1.5");
        assertRefused(
                "The parameter --rate must be a number from 0.5, got '0.4'.", "--rate", "0.4");
        assertRefused(
                "The parameter --rate must be a number from 0.5, got 'NaN'.", "--rate", "NaN");
        assertRefused("The parameter --loud must be true or false, got 'yes'.", "--loud", "yes");
    }

    @Test
    void refusesCountsThatAreTooLarge() {
        Parameters parameters = parse("--count", "2147483648");
        assertThat(parameters.whole("count")).isEqualTo(2_147_483_648L);
        assertThatThrownBy(() -> parameters.count("count"))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("at most 2147483647");
    }

    @Test
    void helpNamesEveryParameterWithItsDefault() {
        assertThat(DECLARATION.asksForHelp(new String[] {"--count", "1", "--help"})).isTrue();
        assertThat(DECLARATION.asksForHelp(new String[] {"--count", "1"})).isFalse();
        assertThat(DECLARATION.help())
                .startsWith("Job: does things.")
                .contains("--topic <text>\n      What to read. Default: test.")
                .contains("--output <text>\n      Where to write. Not set by default.")
                .contains("--rate <x>")
                .contains("--loud [true|false]");
    }

    private static void assertRefused(String sentence, String... args) {
        assertThatThrownBy(() -> parse(args))
                .isInstanceOf(ParameterException.class)
                .hasMessage(sentence);
    }
}
