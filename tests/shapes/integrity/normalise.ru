# What the constraints read may be said in shorter ways (https://www.w3.org/TR/vocab-data-cube/#normalize-algorithm):
# here it is said in full.
PREFIX qb: <http://purl.org/linked-data/cube#>

# Classes that follow from the properties used.
INSERT { ?observation a qb:Observation } WHERE { ?observation qb:dataSet ?set } ;
INSERT { ?observation a qb:Observation } WHERE { ?slice qb:observation ?observation } ;
INSERT { ?slice a qb:Slice } WHERE { ?set qb:slice ?slice } ;
INSERT { ?property a qb:DimensionProperty ; a qb:ComponentProperty . ?component qb:componentProperty ?property }
  WHERE { ?component qb:dimension ?property } ;
INSERT { ?property a qb:MeasureProperty ; a qb:ComponentProperty . ?component qb:componentProperty ?property }
  WHERE { ?component qb:measure ?property } ;
INSERT { ?property a qb:AttributeProperty ; a qb:ComponentProperty . ?component qb:componentProperty ?property }
  WHERE { ?component qb:attribute ?property } ;

# Values that stand on a data set or a slice hold for all its observations.
INSERT { ?observation ?property ?value } WHERE {
  ?set qb:structure/qb:component ?component .
  ?component qb:componentProperty ?property ; qb:componentAttachment qb:DataSet .
  ?set ?property ?value .
  ?observation qb:dataSet ?set .
} ;
INSERT { ?slice ?property ?value } WHERE {
  ?set qb:structure/qb:component ?component ; qb:slice ?slice .
  ?component qb:componentProperty ?property ; qb:componentAttachment qb:DataSet .
  ?set ?property ?value .
} ;
INSERT { ?observation ?property ?value } WHERE {
  ?set qb:structure/qb:component ?component ; qb:slice ?slice .
  ?component qb:componentProperty ?property ; qb:componentAttachment qb:Slice .
  ?slice qb:observation ?observation ; ?property ?value .
}
