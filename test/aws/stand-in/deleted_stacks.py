"""What a deleted stack made stays deleted. moto makes it anew when somebody asks for the stack's outputs."""

from moto.cloudformation.parsing import ResourceMap


def install():
    delete = ResourceMap.delete

    def delete_for_good(self):
        remembered = dict(self._parsed_resources)
        delete(self)
        self._parsed_resources.update(remembered)

    ResourceMap.delete = delete_for_good
