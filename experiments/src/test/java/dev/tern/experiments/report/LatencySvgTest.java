package dev.tern.experiments.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

import javax.xml.parsers.DocumentBuilderFactory;

class LatencySvgTest {

    private static NodeList lines(Document svg) {
        return svg.getElementsByTagName("polyline");
    }

    private static Document drawn() throws Exception {
        LatencyChart chart =
                new LatencyChart(
                        "Title with <angle> & more",
                        "subtitle",
                        List.of(
                                new LatencyChart.Line(
                                        "stock", "#c00", Runs.stock(0, 4000, 1).series()),
                                new LatencyChart.Line(
                                        "tern", "#00c", Runs.tern(0, 40, 1).series())),
                        List.of(
                                new LatencyChart.Window("stock", "", "#c00", 0, 4000),
                                new LatencyChart.Window("tern", "2 -> 4", "#00c", 0, 80)));
        byte[] svg = LatencySvg.draw(chart).getBytes(StandardCharsets.UTF_8);
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg));
    }

    @Test
    void isWellFormedAndHasALineAndABandForEveryEngine() throws Exception {
        Document svg = drawn();

        assertThat(lines(svg).getLength()).isEqualTo(2);
        assertThat(svg.getElementsByTagName("polygon").getLength()).isEqualTo(2);
        assertThat(svg.getDocumentElement().getTextContent())
                .contains("Title with <angle> & more", "2 -> 4", "peak 4 s", "peak 40 ms");
    }

    @Test
    void higherIsFurtherUpLaterIsFurtherRightAndTheScaleIsLogarithmic() throws Exception {
        NodeList lines = lines(drawn());
        double[][] stock = points((Element) lines.item(0));
        double[][] tern = points((Element) lines.item(1));

        assertThat(stock[2][1]).isLessThan(tern[2][1]);
        assertThat(stock[2][1]).isLessThan(stock[1][1]);
        assertThat(stock[0][0]).isLessThan(stock[3][0]);
        double perDecade = (tern[2][1] - stock[2][1]) / 2;
        assertThat(tern[1][1] - tern[2][1])
                .isCloseTo(perDecade * Math.log10(36 / 5.0), within(0.5));
    }

    @Test
    void everythingStaysInsideTheFrame() throws Exception {
        NodeList lines = lines(drawn());

        for (int i = 0; i < lines.getLength(); i++) {
            for (double[] point : points((Element) lines.item(i))) {
                assertThat(point[0]).isBetween(84.0, 1052.0);
                assertThat(point[1]).isBetween(104.0, 458.0);
            }
        }
    }

    @Test
    void durationsAreForPeople() {
        assertThat(LatencySvg.duration(0.5)).isEqualTo("0.5 ms");
        assertThat(LatencySvg.duration(31.4)).isEqualTo("31 ms");
        assertThat(LatencySvg.duration(0.1)).isEqualTo("0.1 ms");
        assertThat(LatencySvg.duration(1000)).isEqualTo("1 s");
        assertThat(LatencySvg.duration(10_000)).isEqualTo("10 s");
        assertThat(LatencySvg.duration(100_000)).isEqualTo("100 s");
        assertThat(LatencySvg.duration(4230)).isEqualTo("4.23 s");
    }

    @Test
    void labelsOfPeaksThatLieTogetherDoNotCoverEachOther() {
        LatencyChart chart =
                new LatencyChart(
                        "close",
                        "",
                        List.of(
                                new LatencyChart.Line("a", "#c00", Runs.tern(0, 100, 1).series()),
                                new LatencyChart.Line("b", "#00c", Runs.tern(0, 101, 1).series())),
                        List.of(
                                new LatencyChart.Window("a", "", "#c00", 0, 80),
                                new LatencyChart.Window("b", "", "#00c", 0, 80)));

        double[] heights =
                LatencySvg.draw(chart)
                        .lines()
                        .filter(line -> line.contains(">peak "))
                        .mapToDouble(line -> Double.parseDouble(line.split("\"")[3]))
                        .toArray();

        assertThat(heights).hasSize(2);
        assertThat(Math.abs(heights[0] - heights[1])).isGreaterThan(12);
    }

    @Test
    void refusesToDrawNothing() {
        LatencyChart empty = new LatencyChart("empty", "", List.of(), List.of());

        assertThatThrownBy(() -> LatencySvg.draw(empty))
                .hasMessageContaining("'empty' has no latencies");
    }

    private static double[][] points(Element line) {
        String[] pairs = line.getAttribute("points").split(" ");
        double[][] points = new double[pairs.length][];
        for (int i = 0; i < pairs.length; i++) {
            String[] pair = pairs[i].split(",");
            points[i] = new double[] {Double.parseDouble(pair[0]), Double.parseDouble(pair[1])};
        }
        return points;
    }
}
