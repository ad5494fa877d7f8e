package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * The modules' poms, which contain no version: versions live in the parent's. The examples are
 * projects of their own.
 */
class PomVersionsTest {
  static List<Path> modulePoms() throws Exception {
    try (Stream<Path> folders = Files.walk(Path.of(".."), 3)) {
      return folders
          .filter(folder -> !folder.equals(Path.of(".."))) // the parent's
          .filter(folder -> !folder.toString().contains("examples"))
          .map(folder -> folder.resolve("pom.xml"))
          .filter(Files::exists)
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("modulePoms")
  void everyVersionIsAPropertyOfTheParent(Path pom) throws Exception {
    assertThat(versionsIn(project(pom)))
        .allSatisfy(version -> assertThat(version).startsWith("${"));
  }

  /** As {@code .ci/set-version} leaves it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "README.md",
        "allocator/docs/adopting.md",
        "echo-server/examples/http-server/pom.xml"
      })
  void theDocumentationNamesTheVersion(String file) throws Exception {
    String version = versionsIn(project(Path.of("..", "pom.xml"))).get(0);
    assertThat(Path.of("..", file)).content().contains("version>%s</".formatted(version));
  }

  private static Element project(Path pom) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(pom.toFile())
        .getDocumentElement();
  }

  private static List<String> versionsIn(Element project) {
    List<String> versions = new ArrayList<>();
    NodeList elements = project.getElementsByTagName("version");
    for (int i = 0; i < elements.getLength(); i++) {
      if (!elements.item(i).getParentNode().getNodeName().equals("parent")) {
        versions.add(elements.item(i).getTextContent());
      }
    }
    return versions;
  }
}
