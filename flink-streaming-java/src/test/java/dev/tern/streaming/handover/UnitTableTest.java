package dev.tern.streaming.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tern.rescale.plan.MigrationStep;
import dev.tern.rescale.plan.Move;
import dev.tern.rescale.plan.Ownership;

import org.junit.jupiter.api.Test;

import java.util.BitSet;
import java.util.List;

class UnitTableTest {

    private static final int ME = 1;

    private final UnitTable units = new UnitTable(ME, 4, bits(0, 1));

    @Test
    void ownedToLeavingToLeft() {
        units.begin(step(new Move(0, ME, 2)));
        assertThat(units.of(0)).isEqualTo(UnitState.LEAVING);
        assertThat(units.hasLeaving()).isTrue();
        assertThat(units.processable()).isEqualTo(bits(0, 1));

        units.left(0);
        assertThat(units.of(0)).isEqualTo(UnitState.LEFT);
        assertThat(units.hasLeaving()).isFalse();
        assertThat(units.processable()).isEqualTo(bits(1));
    }

    @Test
    void foreignToExpectedToOwned() {
        units.begin(step(new Move(3, 0, ME)));
        assertThat(units.of(3)).isEqualTo(UnitState.EXPECTED);
        assertThat(units.expectsAny()).isTrue();
        assertThat(units.processable()).isEqualTo(bits(0, 1));

        units.installed(3);
        assertThat(units.expectsAny()).isFalse();
        assertThat(units.processable()).isEqualTo(bits(0, 1, 3));
    }

    @Test
    void aUnitThatRecordsFollowIsExpectedUntilTheLastOfThem() {
        units.begin(step(new Move(3, 0, ME)));
        units.installedAhead(3);
        assertThat(units.of(3)).isEqualTo(UnitState.INSTALLED);
        assertThat(units.processable()).isEqualTo(bits(0, 1, 3));
        assertThat(units.expectsAny()).isTrue();

        units.followed(3);
        assertThat(units.of(3)).isEqualTo(UnitState.OWNED);
        assertThat(units.expectsAny()).isFalse();
        assertThatThrownBy(() -> units.followed(3)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatLeftMayComeBackInALaterStep() {
        units.begin(step(new Move(0, ME, 2)));
        units.left(0);
        units.begin(step(new Move(0, 2, ME)));
        assertThat(units.of(0)).isEqualTo(UnitState.EXPECTED);
    }

    @Test
    void movesOfOthersAreNoneOfOurBusiness() {
        units.begin(step(new Move(2, 0, 3)));
        assertThat(units.of(2)).isEqualTo(UnitState.FOREIGN);
        assertThat(units.expectsAny()).isFalse();
    }

    @Test
    void aUnitThatIsNotHereCannotLeave() {
        assertThatThrownBy(() -> units.begin(step(new Move(2, ME, 0))))
                .hasMessage("Key group 2 cannot become LEAVING at subtask 1: it is FOREIGN");
    }

    @Test
    void aUnitThatIsHereIsNotExpected() {
        assertThatThrownBy(() -> units.begin(step(new Move(1, 0, ME))))
                .hasMessageContaining("cannot become EXPECTED");
    }

    @Test
    void aUnitArrivesOnce() {
        units.begin(step(new Move(3, 0, ME)));
        units.installed(3);
        assertThatThrownBy(() -> units.installed(3)).isInstanceOf(IllegalStateException.class);
    }

    private static MigrationStep step(Move... moves) {
        return new MigrationStep(0, List.of(moves), Ownership.contiguous(4, 4));
    }

    private static BitSet bits(int... set) {
        BitSet bits = new BitSet();
        for (int bit : set) {
            bits.set(bit);
        }
        return bits;
    }
}
