/** A type assertion is a claim that the compiler cannot check, so its reason stands beside it: on its line or the one above. */
export const explainAssertion = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { unexplained: 'Say in a comment on this line or the one above why this `as` is true, or validate instead.' },
  },
  create(context) {
    const comments = context.sourceCode.getAllComments();
    const isExplained = (node) => comments.some((comment) => comment.loc.end.line >= node.loc.start.line - 1 && comment.loc.start.line <= node.loc.end.line);
    return {
      TSAsExpression(node) {
        const isConst = node.typeAnnotation.type === 'TSTypeReference' && node.typeAnnotation.typeName.name === 'const';
        if (!isConst && !isExplained(node)) context.report({ node, messageId: 'unexplained' });
      },
    };
  },
};
