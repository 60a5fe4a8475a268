package dev.tern.opener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.ObjectStreamClass;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;

/** What javac, the verifier and serialization see of the opened classes. */
class OpeningTest {

    private static final String SHOP =
            """
            package a;
            class Shop implements Bag {
                private final int[] shelf = {7};
                private final int price;
                int other;
                private Shop(int price) { this.price = price; }
                private final int price() { return price; }
                private static int tax() { return 3; }
                private static final class Till {
                    private int content = 5;
                    private Till() {}
                }
            }
            """;

    private static final String BAG =
            "package a; interface Bag extends java.io.Serializable { int SIZE = 1; }";

    private static final String BUYER =
            """
            package b;
            public class Buyer {
                public static int buy() {
                    a.Shop shop = new a.Shop(10);
                    shop.price = 11;
                    shop.shelf = new int[] {100};
                    a.Shop.Till till = new a.Shop.Till();
                    return shop.price() + a.Shop.tax() + shop.shelf[0] + till.content;
                }
            }
            """;

    private static final String[] ALL = {
        "class a.Shop",
        "  type : r",
        "  field volatile shelf : r",
        "  field price : r",
        "  method price : r",
        "  method tax : r",
        "  constructor : r",
        "class a.Shop$Till",
        "  type : r",
        "  constructor ()V : r",
        "  field content : r",
        "class a.Bag",
        "  type : r"
    };

    @TempDir private Path directory;
    private Release release;

    @BeforeEach
    void release() throws IOException {
        release = Release.of(directory, BAG, SHOP);
    }

    @Test
    void ourCodeCompilesAndRunsAgainstOpenedMembers() throws Exception {
        release.open(ALL).compileAgainst(BUYER);
        assertThat(release.load("b.Buyer").getMethod("buy").invoke(null))
                .isEqualTo(11 + 3 + 100 + 5);
    }

    @Test
    void ourCodeDoesNotCompileAgainstTheReleasedClasses() throws Exception {
        release.open("class a.Shop", "  field price : r");
        assertThatThrownBy(() -> release.compileAgainst(BUYER))
                .hasMessageContaining("Shop is not public in a");
    }

    @Test
    void onlyDeclaredMembersChange() throws Exception {
        release.open(ALL);
        Class<?> opened = release.load("a.Shop");
        assertThat(opened.getDeclaredField("price").getModifiers()).isEqualTo(Modifier.PUBLIC);
        assertThat(opened.getDeclaredField("shelf").getModifiers())
                .isEqualTo(Modifier.PUBLIC | Modifier.VOLATILE);
        assertThat(opened.getDeclaredField("other").getModifiers()).isZero();
        assertThat(opened.getDeclaredMethod("price").getModifiers()).isEqualTo(Modifier.PUBLIC);
        assertThat(opened.getDeclaredMethod("tax").getModifiers())
                .isEqualTo(Modifier.PUBLIC | Modifier.STATIC);
    }

    @Test
    void theNestedClassIsPublicInEveryInnerClassesAttribute() throws Exception {
        release.open("class a.Shop$Till", "  type : r");
        assertThat(release.load("a.Shop").getDeclaredClasses())
                .allSatisfy(till -> assertThat(Modifier.isPublic(till.getModifiers())).isTrue());
        assertThat(Modifier.isPublic(release.load("a.Shop$Till").getModifiers())).isTrue();
        assertThat(Modifier.isFinal(release.load("a.Shop$Till").getModifiers())).isTrue();
    }

    @Test
    void aComputedSerialVersionUidStaysWhatItWas() throws Exception {
        release.open(ALL);
        long released = uid(release.loadReleased("a.Shop"));
        assertThat(uid(release.load("a.Shop"))).isEqualTo(released);
        Field pinned = release.load("a.Shop").getDeclaredField("serialVersionUID");
        assertThat(pinned.getType()).isEqualTo(long.class);
    }

    @Test
    void withoutThePinTheSerialVersionUidWouldHaveChanged() throws Exception {
        release.open(ALL).compileAgainst(SHOP.replace("private ", "public "));
        assertThat(uid(release.load("a.Shop"))).isNotEqualTo(uid(release.loadReleased("a.Shop")));
    }

    @Test
    void anInterfaceGetsNoSerialVersionUid() throws Exception {
        release.open(ALL);
        assertThat(release.load("a.Bag").getDeclaredFields())
                .extracting(Field::getName)
                .containsExactly("SIZE");
    }

    @Test
    void aSupertypeOutsideTheJarMayBeSerializable() throws Exception {
        Release other =
                Release.of(
                        directory.resolve("other"),
                        """
                        package a;
                        public class Failure extends IllegalStateException {
                            private int code;
                        }
                        """,
                        """
                        package a;
                        public class Explicit extends IllegalStateException {
                            private static final long serialVersionUID = 42L;
                            private int code;
                        }
                        """,
                        "package a; public class Plain { private int code; }");
        other.open(
                "class a.Failure",
                "  field code : r",
                "class a.Explicit",
                "  field code : r",
                "class a.Plain",
                "  field code : r");
        assertThat(uid(other.load("a.Failure"))).isEqualTo(uid(other.loadReleased("a.Failure")));
        assertThat(uid(other.load("a.Explicit"))).isEqualTo(42L);
        assertThat(other.load("a.Plain").getDeclaredFields()).hasSize(1);
    }

    @Test
    void classesWithoutDeclarationsKeepTheirBytes() throws Exception {
        release.open("class a.Bag", "  type : r");
        Constructor<?> constructor = release.load("a.Shop").getDeclaredConstructors()[0];
        assertThat(constructor.getModifiers()).isEqualTo(Modifier.PRIVATE);
        assertThat(release.classes().resolve("a/Shop.class"))
                .hasSameBinaryContentAs(directory.resolve("released/a/Shop.class"));
    }

    private static long uid(Class<?> type) {
        return ObjectStreamClass.lookup(type).getSerialVersionUID();
    }
}
