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
    Element project =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(pom.toFile())
            .getDocumentElement();

    assertThat(versionsIn(project)).allSatisfy(version -> assertThat(version).startsWith("${"));
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
