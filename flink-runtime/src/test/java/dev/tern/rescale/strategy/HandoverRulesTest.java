package dev.tern.rescale.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tern.rescale.strategy.HandoverProtocol.Departure;
import dev.tern.rescale.strategy.HandoverProtocol.EarlyRecords;
import dev.tern.rescale.strategy.HandoverProtocol.LateRecords;
import dev.tern.rescale.strategy.HandoverProtocol.RouteSwitch;
import dev.tern.rescale.strategy.HandoverProtocol.Transfer;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

class HandoverRulesTest {

    /** The test protocol, with these choices. */
    private record Chosen(
            RouteSwitch routeSwitch,
            Departure departure,
            LateRecords lateRecords,
            EarlyRecords earlyRecords,
            Transfer transfer)
            implements HandoverProtocol {
        @Override
        public String name() {
            return "test";
        }
    }

    @Test
    void ofAllCombinationsTheBuiltInOnesAreLegal() {
        List<HandoverChoices> legal = new ArrayList<>();
        for (RouteSwitch routeSwitch : RouteSwitch.values()) {
            for (Departure departure : Departure.values()) {
                for (LateRecords late : LateRecords.values()) {
                    for (EarlyRecords early : EarlyRecords.values()) {
                        Chosen chosen =
                                new Chosen(routeSwitch, departure, late, early, Transfer.PULL);
                        Optional<String> rule = HandoverRules.violation(chosen);
                        rule.ifPresent(text -> assertThat(text).startsWith("Hand-over 'test' "));
                        if (rule.isEmpty()) {
                            legal.add(HandoverChoices.of(chosen));
                        }
                    }
                }
            }
        }
        assertThat(legal)
                .containsExactlyInAnyOrder(
                        HandoverChoices.of(new AlignedHandover()),
                        HandoverChoices.of(new DrrsHandover()));
    }

    @Test
    void aUnitThatLeavesEarlyNeedsAWayForItsRecords() {
        assertThat(
                        HandoverRules.violation(
                                new Chosen(
                                        RouteSwitch.ANNOUNCED,
                                        Departure.WHEN_ANNOUNCED,
                                        LateRecords.IMPOSSIBLE,
                                        EarlyRecords.SUSPEND_FIFO,
                                        Transfer.PULL)))
                .hasValueSatisfying(text -> assertThat(text).contains("must be forwarded"));
    }
}
